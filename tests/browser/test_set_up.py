"""The first sign-in of somebody without a second factor: picture, code of the app, recovery codes, console."""

import time

from playwright.sync_api import expect

from config.dev.onetime import code


def test_the_second_step_is_set_up_with_a_code_of_the_app(stack, somebody) -> None:
    signin = stack.signins["auditor"]
    theirs = f"Authenticator.objects.filter(user__username='{signin['user']}')"
    stack.manage("shell", "-c", f"from allauth.mfa.models import Authenticator; {theirs}.delete()")
    auditor = somebody(width=360)
    page = auditor.open("/console/feedback/case/")
    page.fill("input[name=login]", signin["user"])
    page.fill("input[name=password]", signin["password"])
    page.press("input[name=password]", "Enter")
    picture = page.locator(".ln-login-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0
    secret = page.locator(".ln-login-key").inner_text().replace(" ", "")
    auditor.shot("second-step-set-up")
    page.fill("input[name=code]", code(secret, time.time()))
    page.press("input[name=code]", "Enter")
    expect(page.locator(".ln-login-codes li")).to_have_count(10)
    auditor.shot("recovery-codes")
    page.locator("#recovery-form button").click()
    page.wait_for_url("**/console/feedback/case/")
    expect(page.locator("h1").first).to_be_visible()
