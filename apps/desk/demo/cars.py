"""Made-up cars: models of the brands, VINs with right check digits, plates."""

from dataclasses import dataclass
from datetime import date
from random import Random

COLOURS = ("雪域白", "玛瑙黑", "星空蓝", "月光银", "烈焰红", "香槟金", "曜石灰")
INSURERS = ("中国人保", "平安产险", "太平洋产险", "国寿财险", "大地保险")
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"  # from 2010, then again
PLANTS = "DJSEYAHKMN"
VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PLATE_SIGNS = PLATE_LETTERS + "0123456789" * 6
OTHER_PLATES = ("苏E", "苏F", "苏A", "浙F", "浙A", "皖A")


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is sold; ``share`` of the store's cars, ``dear`` scales its bills."""

    brand: str
    name: str
    variants: tuple[str, ...]
    descriptor: str  # places 4–8 of the VIN
    share: int
    dear: float
    electric: bool = False


MODELS = (
    Model("别克", "英朗", ("15T 自动进取型", "1.5L 自动精英型"), "KB52H", 20, 0.8),
    Model("别克", "君威 GS", ("28T 尊贵型", "20T 豪华型"), "GB8EM", 10, 1.1),
    Model("别克", "君越", ("28T 艾维亚", "20T 豪华型"), "GM53L", 8, 1.2),
    Model("别克", "昂科威S", ("28T 四驱豪华型", "20T 两驱舒享型"), "XN8CK", 16, 1.2),
    Model("别克", "GL8", ("ES 陆尊 豪华型", "陆上公务舱 舒适型"), "UD8HA", 14, 1.4),
    Model("别克", "微蓝6", ("430km 互联智享型", "518km 互联智慧型"), "EA1GP", 5, 0.6, True),
    Model("雪佛兰", "迈锐宝XL", ("535T 锐动版", "550T RS"), "ZK5CV", 8, 0.9),
    Model("雪佛兰", "科鲁泽", ("330T 欣快版", "1.5L 畅快版"), "BC52T", 7, 0.7),
    Model("凯迪拉克", "CT5", ("28T 豪华型", "28T 铂金版"), "DF69R", 6, 1.7),
    Model("凯迪拉克", "XT5", ("28T 四驱铂金型", "28T 技术型"), "NF8LS", 6, 1.8),
)
SHARES = tuple(model.share for model in MODELS)


@dataclass(slots=True)
class Car:
    """What stands on the car's papers."""

    model: Model
    vin: str
    plate: str
    variant: str
    colour: str
    engine_number: str
    insurer: str


def car(rnd: Random, number: int, built: date, local: bool) -> Car:
    """The ``number``-th car of the store, counted from 0."""
    model = rnd.choices(MODELS, SHARES)[0]
    return Car(
        model=model,
        vin=vin(model.descriptor, built.year, number),
        plate=_plate(rnd, local, model.electric),
        variant=rnd.choice(model.variants),
        colour=rnd.choice(COLOURS),
        engine_number=f"{rnd.choice('LTX')}{rnd.randrange(10_000_000, 99_999_999)}",
        insurer=rnd.choice(INSURERS),
    )


def vin(descriptor: str, year: int, number: int) -> str:
    """A VIN whose ninth place is right; never the same for two numbers under ten million."""
    plant, serial = divmod(number, 1_000_000)
    serial = (serial * 7919 + 100_003) % 1_000_000
    tail = f"{YEAR_CODES[(year - 2010) % 30]}{PLANTS[plant]}{serial:06d}"
    total = sum(
        WEIGHTS[place] * int(VALUES.get(sign, sign))
        for place, sign in enumerate(f"LSG{descriptor}0{tail}")
    )
    return f"LSG{descriptor}{'0123456789X'[total % 11]}{tail}"


def _plate(rnd: Random, local: bool, electric: bool) -> str:
    if rnd.random() < 0.02:
        return ""  # not registered yet
    head = f"沪{rnd.choice(PLATE_LETTERS)}" if local else rnd.choice(OTHER_PLATES)
    if electric:
        return f"{head}D{rnd.randrange(100_000):05d}"
    return head + "".join(rnd.choices(PLATE_SIGNS, k=5))
