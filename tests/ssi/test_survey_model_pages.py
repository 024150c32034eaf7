"""The pages of survey models: what they show, write and refuse (SSI-01, SSI-02)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.desk.exporting import LISTINGS
from apps.ssi.actions import survey_models as acts
from apps.ssi.model_forms import Editor
from apps.ssi.models import SurveyModel
from apps.ssi.queries.survey_models import content_of
from tests.factories import NOW, TODAY, make_user
from tests.ssi.made import finished_response, model_of

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def draft(store):
    return acts.copy_model(model_of(store))


def as_typed(model, **changes):
    """What the browser sends for ``model``; ``changes`` are by field with _ for -."""
    editor = Editor.of(content_of(model))
    sent = {"name": model.name, "year": model.year, "origin": model.origin}
    for line in [*editor.factors, *editor.standards, *(q for f in editor.factors for q in f.lines)]:
        sent |= {f"{line.name}-code": line.code, f"{line.name}-text": line.text}
        sent |= {f"{line.name}-weight": line.weight} if line.weight else {}
    return sent | {name.replace("_", "-"): value for name, value in changes.items()}


def edit(client, model, sent):
    return client.post(reverse("ssi:model-edit", args=[model.pk]), sent)


@pytest.mark.parametrize("copies", [1, 3])
def test_the_list_shows_every_model_with_its_state(
    chief, store, other_store, copies, django_assert_num_queries
):
    for _n in range(copies):
        acts.copy_model(model_of(store))
    SurveyModel.objects.filter(store=other_store).update(origin="外店")
    finished_response(store)
    finished_response(other_store)

    with django_assert_num_queries(15):
        page = chief.get(reverse("ssi:models"))

    rows = page.context["rows"]
    assert [one.state for one in rows] == [*["in_use"] * 2, *["draft"] * copies, *["supplied"] * 3]
    assert [one.responses for one in rows[:2]] == [1, 0]
    assertContains(page, "使用中")
    assertContains(page, "未购客户")
    assertNotContains(page, "外店")
    assert not page.context["to_take_over"]
    used, unused = rows[0].model, rows[-1].model
    behind = f"{reverse('ssi:responses')}?store={store.pk}&model="
    assertContains(page, f"{behind}{used.pk}".replace("&", "&amp;"), count=1)
    assert [row.model for row in chief.get(f"{behind}{used.pk}").context["rows"]] == [used]
    assert unused not in chief.get(f"{behind}{used.pk}").context["form"].fields["model"].queryset
    exported = LISTINGS["ssi:models"].rows(page.wsgi_request.user, {}, TODAY)
    assert len(exported) == 5 + copies


def test_a_store_from_before_takes_the_supplied_models_over(chief, store):
    SurveyModel.objects.filter(store=store).delete()
    assertContains(chief.get(reverse("ssi:models")), "导入系统提供的模型")

    assertRedirects(chief.post(reverse("ssi:models-supplied")), reverse("ssi:models"))

    assert SurveyModel.objects.filter(store=store).count() == 5
    assertNotContains(chief.get(reverse("ssi:models")), "导入系统提供的模型")


def test_a_model_shows_its_questions_and_who_set_its_weights(client, store, specialist):
    client.force_login(specialist)
    model = model_of(store, "decks_six")

    page = client.get(reverse("ssi:model", args=[model.pk]))

    assertContains(page, ">官方公布<", count=3)
    assertContains(page, ">门店设定<", count=3)
    assertContains(page, "交车当天，工作人员的热情程度，您打几分？")
    assertNotContains(page, reverse("ssi:model-copy", args=[model.pk]))  # he keeps none
    paper = client.get(reverse("ssi:model-print", args=[model.pk]))
    assertContains(paper, "交车当天，工作人员的热情程度，您打几分？")
    assertContains(paper, "有没有主动请您试乘试驾？")


def test_a_copy_is_opened_to_be_changed(chief, store):
    answer = chief.post(reverse("ssi:model-copy", args=[model_of(store).pk]))

    copy = SurveyModel.objects.get(store=store, code="published_2023-2")
    assertRedirects(answer, reverse("ssi:model-edit", args=[copy.pk]))


def test_a_copy_is_changed_and_saved(chief, draft):
    sent = as_typed(draft, name="本店模型", f0_text="网上", f0_weight="15", f1_weight="8")

    assertRedirects(edit(chief, draft, sent), reverse("ssi:model", args=[draft.pk]))

    draft.refresh_from_db()
    [online, before, *_rest] = content_of(draft).factors
    assert (draft.name, online.name, online.weight, before.weight) == ("本店模型", "网上", 15, 8)
    assert online.code == "online"
    page = chief.get(reverse("ssi:model", args=[draft.pk]))
    assertContains(page, ">门店设定<", count=2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"f0_weight": "14.01"}, "因子：权重合计 100.01，超出 100 共 0.01。"),
        ({"f0_q0_weight": "49.99"}, "线上体验：权重合计 99.99，距 100 还差 0.01。"),
        ({"f0_weight": "14.001"}, "请输入 0.01 到 100 的权重"),
        ({"f0_weight": "0"}, "请输入 0.01 到 100 的权重"),
        ({"f0_weight": "NaN"}, "请输入 0.01 到 100 的权重"),
        ({"f0_weight": "1e999"}, "请输入 0.01 到 100 的权重"),
        ({"f0_text": " "}, "请输入内容"),
        ({"f0_text": "长" * 41}, "最多 40 个字"),
        ({"s0_text": "长" * 201}, "最多 200 个字"),
        ({"name": ""}, "尚未保存"),
        ({"year": "1899"}, "请输入年份"),
    ],
)
def test_what_is_not_right_comes_back_as_it_was_typed(chief, draft, change, said):
    before = content_of(draft)

    page = edit(chief, draft, as_typed(draft, **change))

    assertContains(page, said, status_code=422)
    [(name, value)] = change.items()
    assertContains(page, f'value="{value.strip()}"', status_code=422)
    draft.refresh_from_db()
    assert (content_of(draft), draft.name) == (before, "2023年公布模型（购车客户） 第2版")


def test_a_code_that_was_made_up_is_a_new_line(chief, draft):
    sent = as_typed(draft, f0_code="delivery", f0_q1_code="online_1", s0_code="clean")

    edit(chief, draft, sent)

    found = content_of(draft)
    assert [one.code for one in found.factors][:2] == ["delivery", "before"]
    assert found.factors[-1].code == "own1"  # the second that says it is the delivery
    assert found.standards[0].code == "clean"


def test_the_buttons_of_the_editor_change_lines_and_write_nothing(chief, draft):
    before = content_of(draft)
    sent = as_typed(draft)

    def names(do, sent=sent):
        page = edit(chief, draft, sent | {"do": do})
        assert page.status_code == 200
        editor = page.context["editor"]
        return editor, [line.text for line in editor.factors]

    texts = [one.name for one in before.factors]
    editor, found = names("f1:up")
    assert found == [texts[1], texts[0], *texts[2:]]
    assert editor.focus == "f0"
    assert names("f0:up")[1] == texts
    assert names("f6:down")[1] == texts
    assert names("f0:down")[1] == [texts[1], texts[0], *texts[2:]]
    editor, found = names("f0:delete")
    assert (found, editor.whole.told) == (texts[1:], "权重合计 86.00，距 100 还差 14.00。")
    editor, found = names("f:add")
    assert (found, editor.focus) == ([*texts, ""], "f7")
    assert [q.text for q in names("f0-q1:up")[0].factors[0].lines] == [
        q.text for q in reversed(before.factors[0].questions)
    ]
    assert len(names("f0-q:add")[0].factors[0].lines) == 3
    assert len(names("s2:delete")[0].standards) == 7
    assert [q.weight for q in names("f2-q:equal")[0].factors[2].lines] == ["50", "50"]
    for nonsense in ("", "x", "f99:up", "f0:fly", "f0-q9:up", "s", ":add"):
        assert nonsense == "" or names(nonsense)[1] == texts
    assert content_of(draft) == before


def test_there_is_an_end_to_adding(chief, draft):
    sent = as_typed(draft)
    for _n in range(9):
        editor = edit(chief, draft, sent | {"do": "f:add"}).context["editor"]
        sent |= {f"{line.name}-text": line.text for line in editor.factors}
    assert len(editor.factors) == 12


def test_a_model_begins_by_the_page_and_is_taken_back(chief, store, draft):
    there = reverse("ssi:model", args=[draft.pk])
    start, back = (reverse(f"ssi:model-{verb}", args=[draft.pk]) for verb in ("start", "withdraw"))

    assertRedirects(chief.post(start, {"effective_from": "2026-11-24"}), there)
    assertContains(chief.get(there), "2026-11-24 起启用")
    refused = edit(chief, draft, as_typed(draft))
    assertContains(refused, "请复制后修改副本", status_code=409)
    again = chief.post(start, {"effective_from": "2026-12-01"})
    assertContains(again, "已经设定过启用日期", status_code=409)
    assertRedirects(chief.post(back), there)
    assertContains(chief.post(back), "尚未到来", status_code=409)
    assertContains(chief.post(start, {"effective_from": "2026-11-23"}), "明天", status_code=409)
    assert chief.post(start, {"effective_from": "soon"}).status_code == 422

    draft.refresh_from_db()
    assert draft.effective_from is None


def test_a_draft_is_deleted_a_model_in_use_is_not(chief, store, draft):
    gone = chief.post(reverse("ssi:model-delete", args=[draft.pk]))
    assertRedirects(gone, reverse("ssi:models"))
    refused = chief.post(reverse("ssi:model-delete", args=[model_of(store).pk]))
    assertContains(refused, "不可修改", status_code=409)

    assert SurveyModel.objects.filter(store=store).count() == 5


def test_a_model_that_was_answered_is_not_changed_by_its_page(chief, store):
    finished_response(store)
    used = model_of(store)
    before = content_of(used)

    page = edit(chief, used, as_typed(used, f0_weight="13", f1_weight="10"))

    assertContains(page, "请复制后修改副本", status_code=409)
    assert content_of(used) == before
    assertContains(chief.get(reverse("ssi:model", args=[used.pk])), "该模型不再修改")


def test_who_reads_several_stores_sees_the_one_he_asks_for(client, store, other_store):
    leader = make_user("leader", store, Role.GROUP_MANAGER)
    leader.reads.add(other_store)
    client.force_login(leader)
    strange = model_of(other_store)

    page = client.get(reverse("ssi:models"), {"store": other_store.pk})

    assert strange in [one.model for one in page.context["rows"]]
    shown = client.get(reverse("ssi:model", args=[strange.pk]))
    assertNotContains(shown, reverse("ssi:model-copy", args=[strange.pk]))
