"""The five survey models that are supplied (SSI-02): words, weights and where they are from.

Questions are read to customers, so they are Chinese whatever the language of the pages. A
question asks for a number from 1 to 10; a standard is answered yes or no. Weights are per cent
of the index; ``published`` says whether the origin printed them or the store set them.
Questions of a factor weigh the same until the store says otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SuppliedFactor:
    code: str
    name: str
    weight: Decimal
    published: bool
    questions: tuple[str, ...]


@dataclass(frozen=True)
class SuppliedModel:
    code: str
    name: str
    year: int
    origin: str
    of_buyers: bool  # False: of those who bought elsewhere (SSI-08)
    factors: tuple[SuppliedFactor, ...]
    standards: tuple[tuple[str, str], ...]


def equal_weights(count: int) -> list[Decimal]:
    """``count`` weights to 0.01 that sum to exactly 100, as equal as that allows."""
    cuts = [Decimal(10_000 * n // count) / 100 for n in range(count + 1)]
    return [after - before for before, after in zip(cuts, cuts[1:], strict=False)]


# What is asked about each thing, once; the models differ in which they ask and how they weigh it.
_DELIVERY = (
    "交车当天，工作人员的热情程度，您打几分？",
    "交车时对车辆功能和操作的讲解，您打几分？",
    "交车时车辆的清洁和完好状况，您打几分？",
    "完成整个交车过程所用的时间，您打几分？",
)
_PERSON = (
    "销售顾问的礼貌和友好程度，您打几分？",
    "销售顾问对您的专心程度，没有让您觉得被冷落，您打几分？",
    "销售顾问对车辆特性、优点的讲解和专业知识，您打几分？",
    "销售顾问的诚实可信，您打几分？",
)
_DEAL = (
    "完成议价过程的速度，您打几分？",
    "报价和各项费用解释得清楚明白，您打几分？",
    "整个议价过程公平、没有压力，您打几分？",
)
_TIMING = ("约定交车时间时照顾您的方便，您打几分？", "按约定的时间交车，您打几分？")
_FACILITY = (
    "展厅的整洁和舒适程度，您打几分？",
    "展车、资料摆放齐全，便于了解，您打几分？",
    "停车和找到我们店的方便程度，您打几分？",
)
_PAPERWORK = (
    "购车合同等书面文件讲解得清楚，您打几分？",
    "办理书面手续的速度和准确，您打几分？",
)
_ADVERTISING = (
    "广告和网上信息与店里实际情况的一致，您打几分？",
    "广告和网上信息对您选车的帮助，您打几分？",
)
_EXTRAS = ("保险方案的介绍和选择，您打几分？", "装潢用品的介绍和质量，您打几分？")
_ONLINE = ("网上查找本店和车型信息的方便，您打几分？", "网上咨询得到回复的速度和质量，您打几分？")
_BEFORE = (
    "到店之前，电话或微信联系的礼貌和及时，您打几分？",
    "到店之前，对您需求的了解和约定，您打几分？",
)
_RECEPTION = ("到店时有人及时、热情地接待，您打几分？", "接待人员了解您的需求，您打几分？")
_DRIVE = ("试驾的安排和路线，您打几分？", "试驾中对车辆性能的讲解，您打几分？")
_START = ("到店后得到接待的及时，您打几分？", "销售人员主动了解您的需求，您打几分？")

# After the training deck of the source (JD.POWER SSI调查问题) and the hand-over's promises.
BUYERS_STANDARDS = (
    ("greeted", "到店时，在适当的时间内有人接待您吗？"),
    ("introduced", "销售顾问有没有介绍自己，例如递上名片？"),
    ("attention", "销售顾问的注意力集中在您身上吗？"),
    ("drive_offered", "有没有主动请您试乘试驾？"),
    ("explained", "报价单上的每一项都向您解释了吗？"),
    ("on_time", "是按约定的时间交车吗？"),
    ("clean", "交车时车辆内外干净吗？"),
    ("promise", "答应您的日期和事情都做到了吗？"),
)
LOST_STANDARDS = BUYERS_STANDARDS[:5]


def _factor(
    code: str, name: str, weight: str, questions: tuple[str, ...], *, own: bool = False
) -> SuppliedFactor:
    return SuppliedFactor(code, name, Decimal(weight), not own, questions)


SUPPLIED = (
    SuppliedModel(
        "decks_six",
        "六因子（培训课件）",
        2007,
        "培训课件：交车过程、销售人员、交易条件的权重为课件所列，其余三项由门店设定",
        True,
        (
            _factor("delivery", "交车过程", "25.6", _DELIVERY),
            _factor("person", "销售人员", "15.8", _PERSON),
            _factor("deal", "交易条件", "11.6", _DEAL),
            _factor("timing", "交车时间", "17.0", _TIMING, own=True),
            _factor("facility", "经销商设施", "16.0", _FACILITY, own=True),
            _factor("paperwork", "书面文件", "14.0", _PAPERWORK, own=True),
        ),
        BUYERS_STANDARDS,
    ),
    SuppliedModel(
        "source_eight",
        "八因子（行动指南）",
        2007,
        "SSI行动指南按重要性排列的八项要素：前三项权重为课件所列，其余五项由门店设定",
        True,
        (
            _factor("delivery", "交车流程", "25.6", _DELIVERY),
            _factor("person", "销售负责人", "15.8", _PERSON),
            _factor("deal", "成交条件", "11.6", _DEAL),
            _factor("timing", "交付时间", "11.0", _TIMING, own=True),
            _factor("advertising", "广告信息", "10.0", _ADVERTISING, own=True),
            _factor("extras", "保险装潢", "9.5", _EXTRAS, own=True),
            _factor("facility", "销售体制及设施", "8.5", _FACILITY, own=True),
            _factor("paperwork", "书面手续", "8.0", _PAPERWORK, own=True),
        ),
        BUYERS_STANDARDS,
    ),
    SuppliedModel(
        "published_2015",
        "2015年公布模型",
        2015,
        "2015年中国销售满意度研究公布的因子权重",
        True,
        (
            _factor("delivery", "交车过程", "23", _DELIVERY),
            _factor("start", "销售启动", "21", _START),
            _factor("deal", "交易过程", "20", _DEAL),
            _factor("facility", "经销商设施", "19", _FACILITY),
            _factor("person", "销售顾问", "17", _PERSON),
        ),
        BUYERS_STANDARDS,
    ),
    SuppliedModel(
        "published_2023",
        "2023年公布模型（购车客户）",
        2023,
        "2023年中国销售满意度研究公布的购车客户因子权重",
        True,
        (
            _factor("online", "线上体验", "14", _ONLINE),
            _factor("before", "到店前联系", "9", _BEFORE),
            _factor("reception", "到店接待", "14", _RECEPTION),
            _factor("facility", "展厅体验", "15", _FACILITY),
            _factor("drive", "试乘试驾", "10", _DRIVE),
            _factor("deal", "成交过程", "16", _DEAL),
            _factor("delivery", "交车过程", "22", _DELIVERY),
        ),
        BUYERS_STANDARDS,
    ),
    SuppliedModel(
        "published_2023_lost",
        "2023年公布模型（未购客户）",
        2023,
        "2023年中国销售满意度研究公布的未购客户因子权重",
        False,
        (
            _factor("online", "线上体验", "23", _ONLINE),
            _factor("before", "到店前联系", "20", _BEFORE),
            _factor("reception", "到店接待", "21", _RECEPTION),
            _factor("facility", "展厅体验", "15", _FACILITY),
            _factor("drive", "试乘试驾", "11", _DRIVE),
            _factor("deal", "议价过程", "10", _DEAL),
        ),
        LOST_STANDARDS,
    ),
)
START_WITH = ("published_2023", "published_2023_lost")  # SSI-02: what a new store begins with
BY_CODE = {model.code: model for model in SUPPLIED}


def is_published(base: str, factor: str, weight: Decimal) -> bool:
    """Is this the weight that the origin printed for the factor? Else the store set it (SSI-02)."""
    model = BY_CODE.get(base)
    printed = {one.code: one.weight for one in model.factors if one.published} if model else {}
    return printed.get(factor) == weight


def version_name(name: str, number: int) -> str:
    """The name of a version, as it is told in Chinese: 第2版."""
    return f"{name.rsplit(' 第', 1)[0][:50]} 第{number}版"
