import pytest

from apps.exchange import words
from apps.exchange.choices import FileKind


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["客户姓名", "联系电话", "车架号(VIN)", "交车日期"], FileKind.DELIVERIES),
        (["VIN码", "购车人", "手机号码", "提车日期", "销售顾问"], FileKind.DELIVERIES),
        (["底盘号", "牌照号", "车主姓名", "移动电话", "是否本店销售"], FileKind.VEHICLES),
        (["车辆识别代号", "车牌", "车主", "手机", "里程(公里)"], FileKind.VEHICLES),
        (["底盘号", "车主姓名", "销售日期", "是否本店销售", "最近里程"], FileKind.VEHICLES),
        (["工单号", "车架号", "维修类型", "结算日期"], FileKind.SERVICES),
        (["结算单号", "底盘号", "业务类型", "开单日期", "交车日期"], FileKind.SERVICES),
        (["客户名称", "联系方式", "生日", "地址"], FileKind.CUSTOMERS),
        (["商品", "数量", "单价"], ""),
        (["车架号", "颜色"], FileKind.VEHICLES),
    ],
)
def test_the_headings_say_what_a_file_is(headings, kind):
    assert words.kind_of(headings)[0] == kind


@pytest.mark.parametrize(
    "heading",
    ["车架号", "车架号(VIN)", "车架号（VIN）", " ＶＩＮ码 ", "底 盘 号", "*车架号"],
)
def test_a_heading_is_known_in_any_dress(heading):
    assert words.match(FileKind.VEHICLES, [heading]) == {"vin": 0}


@pytest.mark.parametrize("heading", ["行驶里程(公里)", "行驶里程（km）", "行驶里程/公里", "里程"])
def test_units_belong_to_the_dress(heading):
    assert words.match(FileKind.SERVICES, [heading]) == {"km": 0}


def test_of_two_columns_for_one_field_the_better_word_wins():
    columns = words.match(FileKind.CUSTOMERS, ["姓名", "电话", "手机"])
    assert columns == {"name": 0, "phone": 2, "landline": 1}


def test_what_a_person_chose_goes_first():
    chosen = {words.normal("车辆编码"): "vin", words.normal("颜色"): ""}
    assert words.match(FileKind.VEHICLES, ["车架号", "车辆编码", "颜色"], chosen) == {"vin": 1}


def test_every_field_has_a_label_and_a_spelling():
    used = {field for fields in words.FIELDS.values() for field in fields}
    assert used == set(words.LABELS) == set(words.SPELLINGS)
