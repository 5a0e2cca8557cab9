"""Show every macro of the shell with realistic content, without database or sign-in (development only).

``python scripts/styleguide.py`` serves ``/``, ``/form`` (with mistakes), ``/home``, ``/case`` and
``/error/<code>``; ``?lang=zh`` or ``?lang=en`` chooses the language. ``--shots FOLDER`` saves each page at
1280 and 390 px, light and dark, and reports what axe finds.
"""

import argparse
import logging
import sys
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask, Response, flash, render_template, request
from flask_babel import Babel, get_locale
from flask_wtf.csrf import CSRFProtect
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import compile_translations  # noqa: E402
from styleguide_content import UploadForm, content, sample_form, say  # noqa: E402

PACKAGE = ROOT / "housing_portal"


@dataclass
class Person:
    """Whoever is signed in."""

    name: str = "Ouyang Zhetian"
    is_authenticated: bool = True
    is_staff: bool = False


@dataclass
class Item:
    """An entry of the main menu."""

    url: str
    label: str
    current: bool = False


def create_app() -> Flask:
    """The guide as a small application with the endpoints that the shell links to."""
    app = Flask(__name__, root_path=str(PACKAGE), static_folder="static", template_folder="templates")
    app.config.update(SECRET_KEY="guide")
    csrf = CSRFProtect(app)
    Babel(app, locale_selector=lambda: "en" if request.args.get("lang") == "en" else "zh_Hans_CN")
    guest_pages = ("/home", "/error")

    @app.context_processor
    def shell() -> dict[str, object]:
        guest = request.path.startswith(guest_pages)
        return {
            "current_user": Person(
                name=say("Ouyang Zhetian", "欧阳喆堃"),
                is_authenticated=not guest,
                is_staff=request.path == "/case",
            ),
            "locale": str(get_locale()),
            "csp_nonce": "guide",
            "nav_items": [
                Item("#", say("Schemes", "政策目录"), guest),
                Item("#", say("My cases", "我的申请"), not guest),
                Item("#", say("My documents", "材料库")),
                Item("#", say("Verify a letter", "文书核验")),
            ],
            "account_items": [
                Item("#", say("My account", "我的账号")),
                Item("#", say("Sign-ins and security", "登录与安全")),
            ],
            "unread_count": 3,
            "say": say,
        }

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self' 'nonce-guide'; style-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'"
        )
        return response

    @app.get("/")
    def guide() -> str:
        flash(say("Your draft was saved.", "草稿已保存。"), "success")
        form = sample_form()(
            data={"born": date(1994, 7, 3), "education": "phd", "name": say("Ouyang Zhetian", "欧阳喆堃")}
        )
        return render_template("styleguide.html", form=form, upload=UploadForm(), **content())

    @app.route("/form", methods=["GET", "POST"])
    @csrf.exempt
    def mistakes() -> str:
        form = sample_form()(
            data={"email": "someone@"} if request.method == "GET" else None,
            meta={"csrf": False},
        )
        form.validate()
        form.add_error(
            "email", say("Enter an address such as name@example.cn", "请填写有效邮箱，例如 name@example.cn")
        )
        return render_template("styleguide.html", form=form, upload=UploadForm(), **content())

    @app.get("/case")
    def case() -> str:
        return render_template("styleguide_case.html", **content())

    @app.get("/error/<code>")
    def error(code: str) -> str:
        number: int | str = int(code) if code.isdigit() else code
        return render_template("errors/error.html", code=number, error_id="7f3a-91c2-04be", reason=None)

    @app.get("/home")
    def home() -> str:
        return render_template("home.html", counts={"practitioner": 8, "company": 5})

    @app.get("/page.svg")
    def page() -> Response:
        lines = "".join(
            f'<rect x="60" y="{90 + 26 * row}" width="{300 + row * 37 % 170}" height="9" fill="#ccd2da"/>'
            for row in range(24)
        )
        return Response(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842">{lines}</svg>',
            mimetype="image/svg+xml",
        )

    endpoints = (
        "schemes.home core.set_language accounts.sign_in accounts.sign_out accounts.register "
        "notices.inbox schemes.catalogue finder.doors finder.staff certificates.verify"
    )
    for endpoint in endpoints.split():
        app.add_url_rule(f"/go/{endpoint}", endpoint, lambda: "", methods=["GET", "POST"])
    app.add_url_rule("/go/find/<audience>", "finder.questions", lambda audience: audience)
    return app


def shoot(address: str, folder: Path, only: str) -> int:
    """Save pictures of all pages and print what axe, the console and the layout complain about."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    pages = {"guide": "/", "form": "/form", "case": "/case", "home": "/home"}
    pages |= {"error": "/error/404", "broken": "/error/500"}
    complaints = 0
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
                for language in ("zh", "en"):
                    for name, path in pages.items():
                        label = f"{name}-{language}-{width}-{scheme}"
                        if only not in label:
                            continue
                        page = context.new_page()
                        found: list[str] = []
                        page.on(
                            "console", lambda message, found=found: found.append(f"console: {message.text}")
                        )
                        page.on("pageerror", lambda error, found=found: found.append(f"script: {error}"))
                        page.goto(f"{address}{path}?lang={language}")
                        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                            found.append("the page is wider than the window")
                        page.screenshot(path=folder / f"{label}.png", full_page=True)
                        for violation in Axe().run(page).response["violations"]:
                            targets = [node["target"] for node in violation["nodes"]][:4]
                            found.append(f"axe: {violation['id']}: {violation['help']}: {targets}")
                        for text in found:
                            print(f"{label}: {text}")
                        complaints += len(found)
                        page.close()
                context.close()
        browser.close()
    return complaints


def main() -> None:
    """Serve the guide, or take pictures of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5077)
    parser.add_argument("--shots", type=Path, help="folder for the pictures")
    parser.add_argument("--only", default="", help="part of a picture's name, such as home-zh")
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    compile_translations.main()
    server = make_server("127.0.0.1", arguments.port, create_app(), threaded=True)
    if arguments.shots is None:
        print(f"http://127.0.0.1:{arguments.port}/?lang=zh")
        server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    complaints = shoot(f"http://127.0.0.1:{arguments.port}", arguments.shots, arguments.only)
    server.shutdown()
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
