"""Logs in to a JupyterHub with the platform's values, and runs a cell there, by HTTP alone.

Usage: check_hub.py TEMPLATE WORK [CHART], with the stack's template, a folder that takes files and
has the kernel below jupyter/, and the chart's folder where there is one.
"""

import asyncio
import json
import os
import re
import secrets
import signal
import socket
import ssl
import string
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import requests
import websocket

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deployment"))
from check_objects import Template  # noqa: E402

PATIENCE = 120
USER = "sparkoneks"
passed = 0


def ok(what, condition, otherwise=""):
    global passed
    if not condition:
        raise SystemExit(f"FAILED: {what}\n{otherwise}")
    passed += 1
    print(f"  {what}")


def wait_for(what, condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.2)
    raise SystemExit(f"FAILED: {what}: not within {seconds} s")


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def processes(marker):
    """What runs with the marker in its environment: number and command of each."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and marker.encode() in (folder / "environ").read_bytes():
                command = (folder / "cmdline").read_bytes()
                if command:  # a process that has ended has none
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass  # it ended in the meantime, or is another user's
    return found


def terminate_tls(work, port):
    """An address with HTTPS before an HTTP port, as CloudFront is; the hub sees HTTP alone."""
    certificate, key = work / "tls.pem", work / "tls.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    # For requests, and for the web socket
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["WEBSOCKET_CLIENT_CA_BUNDLE"] = str(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def copy(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # one side is gone, so is the other
        writer.close()

    async def serve(reader, writer):
        try:
            from_hub, to_hub = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, to_hub), copy(from_hub, writer))

    # One thread for both directions: two of them shared a TLS socket before, one closed it under the
    # other, and what that one still wrote went to the file that had got the number of the socket
    loop = asyncio.new_event_loop()
    outside = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return f"https://localhost:{outside.sockets[0].getsockname()[1]}"


class Browser:
    """One person's browser: cookies, and the token against forged requests that pages hold."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.session.headers.update({"Referer": f"{url}/hub/", "Sec-Fetch-Mode": "navigate"})

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=PATIENCE, **options)

    def token(self, path):
        return next(k.value for k in self.session.cookies if k.name == "_xsrf" and k.path == path)

    def log_in(self, user, password, forge=False):
        page = self.get("/hub/login")
        form = {"username": user, "password": password}
        if not forge:
            form["_xsrf"] = re.search(r'name="_xsrf"\s+value="([^"]+)"', page.text).group(1)
        return self.session.post(
            self.url + "/hub/login", data=form, allow_redirects=False, timeout=PATIENCE
        )

    def is_in(self):
        return self.get("/hub/home", allow_redirects=False).status_code == 200


class Kernel:
    """A kernel of the user's server, over the web socket that JupyterLab uses."""

    def __init__(self, browser, name):
        self.base = f"/user/{USER}/"
        headers = {"X-XSRFToken": browser.token(self.base), "Sec-Fetch-Mode": "cors"}
        self.delete = lambda: browser.session.delete(
            f"{browser.url}{self.base}api/kernels/{self.id}", headers=headers, timeout=PATIENCE
        )
        reply = browser.session.post(
            f"{browser.url}{self.base}api/kernels", json={"name": name}, headers=headers, timeout=PATIENCE
        )
        reply.raise_for_status()
        self.id = reply.json()["id"]
        request = requests.Request("GET", f"{browser.url}{self.base}api/kernels/{self.id}")
        cookies = browser.session.prepare_request(request).headers["Cookie"]
        self.socket = websocket.create_connection(
            f"{browser.url.replace('http', 'ws', 1)}{self.base}api/kernels/{self.id}/channels",
            cookie=cookies,
            origin=browser.url,
            timeout=PATIENCE,
        )

    def run(self, code):
        """The text that came back, of results and errors."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": USER, "session": number, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        self.socket.send(
            json.dumps({"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content})
        )
        texts = []
        while True:
            message = json.loads(self.socket.recv())
            if message.get("parent_header", {}).get("msg_id") != number:
                continue
            if message["msg_type"] in ("execute_result", "display_data"):
                texts.append(message["content"]["data"].get("text/plain", ""))
            if message["msg_type"] == "error":
                texts += message["content"]["traceback"]
            if message["msg_type"] == "stream":
                texts.append(message["content"]["text"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return "\n".join(texts)


def refuse_others(url, password):
    for user, given, what in [
        (USER, password[:-1] + "!", "a wrong password is refused"),
        (USER, "", "so is none"),
        ("somebody", password, "another user is refused with the right password"),
        ("admin", password, "also one called admin"),
    ]:
        browser = Browser(url)
        reply = browser.log_in(user, given)
        ok(what, reply.status_code in (401, 403) and not browser.is_in(), f"{reply.status_code} {reply.text}")
    browser = Browser(url)
    reply = browser.log_in(USER, password, forge=True)
    ok("so is a login that another page sent", reply.status_code == 403 and not browser.is_in(), reply.status_code)


def work_as_the_user(url, password, values, marker):
    browser = Browser(url)
    reply = browser.log_in(USER, password)
    ok(f"{USER} logs in with the generated password", reply.status_code == 302 and browser.is_in(), reply.text)
    ok("who is no administrator", browser.get("/hub/admin").status_code == 403)

    browser.get("/hub/spawn")
    wait_for("the server starts", lambda: browser.get(f"/user/{USER}/api").status_code == 200)
    page = browser.get(f"/user/{USER}/")
    ok("a server starts, at JupyterLab", page.status_code == 200 and page.url.endswith("/lab"), page.url)
    specs = browser.get(f"/user/{USER}/api/kernelspecs").json()["kernelspecs"]
    ok("the kernel arc is offered", "arc" in specs, specs.keys())
    ok("others do not reach it", Browser(url).get(f"/user/{USER}/api/contents").status_code == 403)

    kernel = Kernel(browser, "arc")
    one = kernel.run("%sql SELECT 1 AS one")
    ok("%sql SELECT 1 gives 1", re.search(r"\bone\b(.|\n)*\b1\b", one), one)
    environment = values["singleuser"]["extraEnv"]
    bucket = environment["ETL_CONF_DATALAKE_LOC"]
    shown = kernel.run("%sql sqlParams=lake=${ETL_CONF_DATALAKE_LOC}\nSELECT '${lake}' AS lake")
    ok(f"ETL_CONF_DATALAKE_LOC reaches it: {bucket}", bucket and bucket in shown, shown)
    open_cookies = [f"{k.name} of {k.path}" for k in browser.session.cookies if not k.secure]
    ok("hub and server set no cookie that goes over HTTP", browser.session.cookies and not open_cookies, open_cookies)
    # Left running, as when a browser is closed: the culler has to end it
    kernel.socket.close()


def change_the_password(url, password, secret):
    changed = password[::-1] + "x"
    secret.write_text(changed)
    reply = Browser(url).log_in(USER, password)
    ok("the old password is refused once the secret has another", reply.status_code in (401, 403), reply.status_code)
    browser = Browser(url)
    reply = browser.log_in(USER, changed)
    ok("the new one is taken without a restart", reply.status_code == 302 and browser.is_in(), reply.text)


def cull(hub, token, values, log, marker):
    patience, every = values["cull"]["timeout"], values["cull"]["every"]
    running = processes(marker)
    culler = [c for c in running.values() if "jupyterhub_idle_culler" in c]
    ok(
        f"the culler runs, for {patience} s without activity",
        len(culler) == 1 and f"--timeout={patience}" in culler[0] and f"--cull-every={every}" in culler[0],
        culler,
    )
    servers = {n: c for n, c in running.items() if "singleuser" in c or "--connection" in c}
    ok("server and kernel are processes of their own", len(servers) >= 2, running)
    command = [p for p in culler[0].split() if not p.startswith(("--timeout", "--cull-every"))]
    impatient = subprocess.Popen(
        [*command, "--timeout=1", "--cull-every=1"],
        env={**os.environ, "JUPYTERHUB_API_TOKEN": token},
        stdout=log,
        stderr=log,
    )
    try:
        wait_for("the server is culled", lambda: not servers.keys() & processes(marker).keys())
    finally:
        impatient.terminate()
        impatient.wait()
    user = requests.get(f"{hub}/hub/api/users", headers={"Authorization": f"token {token}"}, timeout=PATIENCE).json()
    ok("with less patience it ends the server and its kernel", [u["servers"] for u in user] == [{}], user)


def main():
    template, work = Path(sys.argv[1]), Path(sys.argv[2])
    chart = sys.argv[3] if len(sys.argv) > 3 else None
    values = dict(Template(template).values())["jupyterhub"]
    ok("the values are those of the CDK app, and complete", "<<" not in json.dumps(values))
    ok(f"one user is allowed: {USER}", values["hub"]["config"]["Authenticator"]["allowed_users"] == [USER])

    plain, api, hub = (f"http://127.0.0.1:{port}" for port in free_ports(3))
    public = terminate_tls(work, int(plain.rsplit(":", 1)[1]))
    marker = f"HUB_CHECK={work}/check.json"
    # As Secrets Manager makes it: 32 letters and digits
    password = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))
    (variable,) = values["hub"]["extraEnv"]
    # The volume with the secret
    secret = work / "password"
    secret.write_text(password)
    token = secrets.token_hex(32)
    check = {
        "values": values,
        "chart": chart,
        "work": str(work),
        "url": plain,
        "hub": hub,
        "proxy_api": api,
        "cookie_secret": secrets.token_hex(32),
        "culler_token": token,
        "environment": {
            "JUPYTER_PATH": str(work / "jupyter/share/jupyter"),
            "HUB_CHECK": str(work / "check.json"),
            **{name: os.environ[name] for name in ("JAVA_HOME", "ETL_JAVA_OPTS") if name in os.environ},
        },
    }
    (work / "check.json").write_text(json.dumps(check))
    with open(work / "hub.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(Path(__file__).with_name("jupyterhub_config.py"))],
            cwd=work,
            env={
                **os.environ,
                "HUB_CHECK": str(work / "check.json"),
                "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(32),
                variable: str(secret),
            },
            stdout=log,
            stderr=log,
        )
        try:
            wait_for("the hub answers", lambda: server.poll() is not None or answers(f"{plain}/hub/health"))
            ok("the hub starts", server.poll() is None)
            refuse_others(public, password)
            work_as_the_user(public, password, values, marker)
            cull(hub, token, values, log, marker)
            change_the_password(public, password, secret)
        except BaseException:
            print("".join((work / "hub.log").read_text().splitlines(keepends=True)[-60:]), flush=True)
            raise
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
            for number in processes(marker) if sys.exc_info()[0] else []:
                os.kill(number, signal.SIGKILL)
    wait_for("everything ends with the hub", lambda: not processes(marker), 20)
    ok("nothing is left running", not processes(marker), processes(marker))
    ok("the password is in no log", password not in (work / "hub.log").read_text())
    print(f"{passed} passed")


def answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


main()
