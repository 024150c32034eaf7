"""Signing in and what holds for a session: limits, lock-out, language, chosen store (SEC-03)."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.actions.people import reset_password
from apps.accounts.choices import Role
from apps.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from apps.accounts.policy import browser_name
from tests.factories import make_user

LOGIN = "/accounts/login/"


def sign_in(client, username, password="x", **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def age(client, key, **ago):
    """Make the session think that ``key`` was so long ago."""
    session = client.session
    session[key] = (timezone.now() - timedelta(**ago)).timestamp()
    session.save()


def test_a_person_signs_in_by_user_name_and_it_is_logged(client, specialist):
    response = sign_in(client, "li_na")

    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").status_code == 200
    assert AccessLog.objects.filter(username="li_na").count() == 1


def test_a_wrong_password_says_so_and_signs_nobody_in(client, specialist):
    response = sign_in(client, "li_na", "wrong")

    assert response.status_code == 200
    assert "用户名或密码不正确" in response.content.decode()
    assert client.get("/").status_code == 302
    assert AccessAttempt.objects.get(username="li_na").failures_since_start == 1


def test_five_wrong_passwords_lock_this_user_name_at_this_address_only(
    client, specialist, other_specialist
):
    for name in ("li_na", "Li_Na", "LI_NA", "li_na", "li_na"):  # all one name
        response = sign_in(client, name, "wrong")
    assert response.status_code == 429
    assert "已锁定 15 分钟" in response.content.decode()

    assert sign_in(client, "li_na", "x").status_code == 429  # the right one does not help now
    assert sign_in(client, "wang_min", "x").status_code == 302  # a shop shares one address
    assert sign_in(Client(), "li_na", "x", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_who_has_left_does_not_come_in(client, specialist):
    specialist.is_active = False
    specialist.save()

    response = sign_in(client, "li_na")

    assert response.url == reverse("account_inactive")
    assert "该账户已停用" in client.get(response.url).content.decode()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_nobody_signs_up_or_in_by_e_mail(name):
    with pytest.raises(Exception, match="NoReverseMatch|not a valid view"):
        reverse(name)


def test_signing_out_takes_a_post(client, specialist):
    client.force_login(specialist)
    client.get(reverse("account_logout"))
    assert client.get("/").status_code == 200

    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302


def test_half_an_hour_without_an_act_signs_out(client, specialist):
    client.force_login(specialist)
    client.get("/")
    age(client, SEEN_AT, minutes=31)

    response = client.get("/accounts/sessions/")

    assert response.url == f"{LOGIN}?next=/accounts/sessions/"
    assert client.get("/").status_code == 302


def test_an_act_starts_the_half_hour_anew(client, specialist):
    client.force_login(specialist)
    client.get("/")
    age(client, SEEN_AT, minutes=29)
    client.get("/")

    assert client.session[SEEN_AT] == pytest.approx(timezone.now().timestamp(), abs=60)


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(client, specialist):
    client.force_login(specialist)
    client.get("/")
    age(client, SEEN_AT, minutes=29)
    before = client.session[SEEN_AT]

    assert client.get("/", headers={"X-Background": "1"}).status_code == 200
    assert client.session[SEEN_AT] == before


def test_after_twelve_hours_everybody_signs_in_again(client, specialist):
    client.force_login(specialist)
    client.get("/")
    age(client, SIGNED_IN_AT, hours=12, minutes=1)

    assert client.get("/").status_code == 302


def test_a_part_of_a_page_asks_the_whole_page_to_sign_in_again(client, specialist):
    client.force_login(specialist)
    client.get("/")
    age(client, SEEN_AT, minutes=31)

    response = client.get("/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Refresh"]) == (401, "true")


def test_a_temporary_password_is_changed_before_anything_else(client, store, specialist):
    boss = make_user("boss", store, Role.GENERAL_MANAGER)
    reset_password(specialist, "given-2345", by=boss)
    sign_in(client, "li_na", "given-2345")
    change = reverse("account_change_password")
    assert client.get("/").url == change

    own = {
        "oldpassword": "given-2345",
        "password1": "mein-Eigenes-7",
        "password2": "mein-Eigenes-7",
    }
    assert client.post(change, own).url == "/"

    specialist.refresh_from_db()
    assert not specialist.password_is_temporary
    assert client.get("/").status_code == 200


def test_the_site_is_chinese_whatever_the_browser_prefers(client, db):
    response = client.get(LOGIN, headers={"Accept-Language": "en-US"})

    assert 'lang="zh-hans"' in response.content.decode()
    assert response["Content-Language"] == "zh-hans"


def test_a_person_keeps_the_language_on_another_machine(client, specialist):
    client.force_login(specialist)
    client.post("/accounts/language/", {"language": "en", "next": "/accounts/sessions/"})
    elsewhere = Client()
    elsewhere.force_login(specialist)

    assert 'lang="en"' in elsewhere.get("/").content.decode()
    assert translation.get_language() == "zh-hans"


@pytest.mark.parametrize("target", ["https://example.invalid/", "//example.invalid/"])
def test_the_language_switch_sends_nobody_away(client, db, target):
    assert client.post("/accounts/language/", {"language": "en", "next": target}).url == "/"


def test_my_sessions_are_listed_and_another_one_is_ended(client, specialist):
    elsewhere = Client()
    sign_in(elsewhere, "li_na")
    sign_in(client, "li_na")
    there = UserSession.objects.get(session_key=elsewhere.session.session_key)
    assert len(client.get("/accounts/sessions/").context["sessions"]) == 2

    client.post(reverse("accounts:session-end", args=[there.pk]))

    assert elsewhere.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_another_persons_session_is_not_mine_to_end(client, specialist, other_specialist):
    elsewhere = Client()
    sign_in(elsewhere, "wang_min")
    client.force_login(specialist)

    response = client.post(reverse("accounts:session-end", args=[UserSession.objects.get().pk]))

    assert response.status_code == 404
    assert elsewhere.get("/").status_code == 200


def test_the_store_switch_offers_only_ones_own_stores(client, store, other_store):
    person = make_user("group", store, Role.GROUP_MANAGER)
    person.reads.add(other_store)
    client.force_login(person)
    client.post("/accounts/choose-store/", {"store": other_store.pk})
    assert client.get("/").wsgi_request.user.store_ids == [other_store.pk]

    client.post("/accounts/choose-store/", {"store": ""})
    assert client.get("/").wsgi_request.user.store_ids == [store.pk, other_store.pk]


def test_a_store_that_one_does_not_read_cannot_be_chosen(client, specialist, other_store):
    client.force_login(specialist)

    assert client.post("/accounts/choose-store/", {"store": other_store.pk}).status_code == 404
    assert client.get("/").wsgi_request.user.store_ids == [specialist.store_id]


def test_a_right_that_was_taken_away_takes_the_chosen_store_along(client, store, other_store):
    person = make_user("group", store, Role.GROUP_MANAGER)
    person.reads.add(other_store)
    client.force_login(person)
    client.post("/accounts/choose-store/", {"store": other_store.pk})

    person.reads.clear()

    assert client.get("/").wsgi_request.user.store_ids == [store.pk]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.1", "curl/8.1"),
    ],
)
def test_a_browser_is_called_by_the_name_that_people_know(user_agent, name):
    assert browser_name(user_agent) == name
