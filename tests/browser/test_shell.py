"""The shell by keyboard: signing in, the search key, language, colours, sessions."""

from tests.factories import make_user


def test_a_specialist_signs_in_by_keyboard_and_out_again(window, specialist):
    page = window()
    page.goto("/accounts/sessions/")
    page.keyboard.type("li_na")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/sessions/")  # where one wanted to go
    assert page.locator("h2").inner_text() == "我的登录设备"
    assert page.get_by_text("本浏览器").count() == 1

    page.get_by_role("button", name="我的账户").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="退出登录").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/")
    assert page.faults == []


def test_a_wrong_password_says_what_to_do(window, specialist):
    page = window()
    page.goto("/accounts/login/")
    page.fill("#id_login", "li_na")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")

    assert "用户名或密码不正确" in page.get_by_role("alert").inner_text()
    assert page.input_value("#id_login") == "li_na"


def test_slash_goes_to_the_search_box_from_anywhere_but_a_field(window, specialist):
    page = window(specialist)
    page.goto("/accounts/password/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-box"
    assert page.input_value("#search-box") == ""

    page.locator("main input[type=password]").first.focus()
    page.keyboard.type("a/b")
    assert page.locator("main input[type=password]").first.input_value() == "a/b"
    assert page.faults == []


def test_the_language_is_switched_on_the_page_where_one_is(window, specialist):
    page = window(specialist)
    page.goto("/accounts/sessions/")
    page.get_by_role("button", name="我的账户").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()

    assert page.url.endswith("/accounts/sessions/")
    assert page.locator("h2").inner_text() == "Where I am signed in"
    assert page.locator("html").get_attribute("lang") == "en"


def test_dark_colours_stay_and_are_there_before_the_first_paint(window, specialist):
    page = window(specialist)
    page.goto("/")
    page.get_by_role("button", name="我的账户").click()
    page.get_by_role("button", name="深色界面").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"

    answer = page.goto("/accounts/sessions/")

    assert 'data-bs-theme="dark"' in answer.text()  # no script has to run for it


def test_the_menu_opens_on_a_phone(window, specialist):
    page = window(specialist, width=390)
    page.goto("/")
    link = page.locator("#menu").get_by_text("今日", exact=True)
    assert not link.is_visible()

    page.get_by_role("button", name="菜单").click()

    link.wait_for(state="visible")


def test_another_session_is_ended_from_the_list(window, specialist):
    there, here = window(), window()
    for page in (there, here):
        page.goto("/accounts/login/")
        page.fill("#id_login", "li_na")
        page.fill("#id_password", "x")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
    here.goto("/accounts/sessions/")
    here.get_by_role("button", name="让其退出").click()
    assert "已让该设备退出登录" in here.get_by_role("status").inner_text()

    there.goto("/")
    assert "/accounts/login/" in there.url


def test_a_lost_connection_is_said_in_words(window, store):
    page = window(make_user("m", store, "care_manager"))
    page.goto("/accounts/roster/")
    page.context.set_offline(True)
    page.locator("button.duty").first.click()

    toast = page.locator("#toast")
    toast.wait_for(state="visible")
    assert "连不上服务器" in toast.inner_text()


def test_a_cell_of_the_roster_turns_without_a_new_page(window, store):
    page = window(make_user("m", store, "care_manager"))
    page.goto("/accounts/roster/?week=2036-01-07")
    cell = page.locator("button.duty").first
    assert cell.get_attribute("aria-pressed") == "true"

    cell.focus()
    page.keyboard.press("Enter")
    page.locator("button.duty-by-hand").wait_for()

    assert page.locator("button.duty").first.get_attribute("aria-pressed") == "false"
    assert page.evaluate("document.activeElement.className").startswith("btn btn-sm duty")
    assert page.faults == []
