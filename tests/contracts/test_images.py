"""What every image model promises, run on each adapter against a server that speaks its protocol, and on the fake."""

import base64
import email
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from linghang.adapters.comfyui import BASIC, ComfyUi
from linghang.adapters.image_servers import images_from_environment
from linghang.adapters.local_diffusers import LocalDiffusers
from linghang.adapters.openai_images import OpenAiImages
from linghang.base.errors import RefusedError, UnavailableError, UsageError
from linghang.ports.images import ImageMaker, Wish
from linghang.testing.images import FakeImages, gradient

WISH = Wish("a calm backdrop", "text, logo", 1080, 1920, seed=7)
MASKED = Wish(
    "a calm backdrop", "text", 640, 480, 7, gradient(Wish("", "", 640, 480)), gradient(Wish("", "", 640, 480))
)
JOB = "b3f1"


@dataclass
class Server:
    """A server on loopback that speaks both protocols and misbehaves where ``mood`` tells it to."""

    mood: str = "well"
    seen: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    polls: int = 0
    url: str = ""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one class inside
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _json(self, value: object, status: int = 200) -> None:
            self._send(status, json.dumps(value).encode())

        def do_POST(self) -> None:  # noqa: C901 - a list of moods
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.seen.append(("POST", self.path, body, dict(self.headers)))
            if self.path == "/interrupt":
                self._json({})
            elif server.mood == "hangs":
                time.sleep(3)
            elif server.mood == "drips":
                self._drip()
            elif server.mood == "broken":
                self._send(500, b"<html>no</html>", "text/html")
            elif server.mood == "junk":
                self._send(200, b"\x00\xff not json")
            elif server.mood == "empty":
                self._json({"data": []})
            elif server.mood == "policy":
                self._json({"error": {"code": "content_policy_violation", "message": "rejected by safety system"}}, 400)
            elif self.path.startswith("/v1/images/"):
                self._openai(body)
            elif self.path == "/upload/image":
                self._json({"name": f"up{len(server.seen)}.png", "subfolder": "", "type": "input"})
            elif self.path == "/prompt":
                self._json({"prompt_id": JOB, "number": 1, "node_errors": {}})

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            for _ in range(40):
                try:
                    self.wfile.write(b"{")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

        def _openai(self, body: bytes) -> None:
            if server.mood == "link":
                self._json({"data": [{"url": f"{server.url}/files/1.png"}]})
            elif server.mood == "elsewhere":
                self._json({"data": [{"url": "http://169.254.169.254/latest/meta-data"}]})
            else:
                self._json({"created": 1, "data": [{"b64_json": base64.b64encode(gradient(WISH)).decode()}]})

        def do_GET(self) -> None:
            server.seen.append(("GET", self.path, b"", dict(self.headers)))
            if self.path.startswith("/history/"):
                server.polls += 1
                if server.mood == "never" or (server.polls < 3 and server.mood != "error"):
                    self._json({})
                elif server.mood == "error":
                    status = {
                        "status_str": "error",
                        "completed": False,
                        "messages": [["execution_error", {"m": "oom"}]],
                    }
                    self._json({JOB: {"status": status, "outputs": {}}})
                else:
                    image = {"filename": "linghang_1.png", "subfolder": "", "type": "output"}
                    status = {"status_str": "success", "completed": True}
                    self._json({JOB: {"status": status, "outputs": {"7": {"images": [image]}}}})
            else:
                self._send(200, gradient(WISH), "image/png")

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    http.daemon_threads = True
    state.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


def _pipeline(**changed: Any) -> Callable[[str, bool], Any]:
    """A pipeline with the call and the result of the real library."""

    def call(**said: Any) -> Any:
        assert said["width"] % 8 == 0
        assert said["height"] % 8 == 0
        if changed.get("raises"):
            raise changed["raises"]
        for step in range(changed.get("steps", 1)):
            time.sleep(changed.get("pause", 0.0))
            said["callback_on_step_end"](None, step, None, {})
        image = Image.open(io.BytesIO(gradient(WISH, width=said["width"], height=said["height"]))).convert("RGB")
        return SimpleNamespace(images=[image], nsfw_content_detected=changed.get("nsfw"))

    return lambda _folder, _masked: call


MAKERS: dict[str, Callable[[Server], ImageMaker]] = {
    "fake": lambda _server: FakeImages(),
    "openai": lambda server: OpenAiImages(f"{server.url}/v1", "gpt-image", "secret"),
    "openai_edits": lambda server: OpenAiImages(f"{server.url}/v1", "gpt-image", edits=True),
    "comfyui": lambda server: ComfyUi(server.url, "base.safetensors", pause=0.01),
    "diffusers": lambda _server: LocalDiffusers("/models/x", load=_pipeline()),
    "diffusers_masks": lambda _server: LocalDiffusers("/models/x", masks=True, load=_pipeline()),
}


@pytest.fixture(params=sorted(MAKERS))
def maker(request: pytest.FixtureRequest, server: Server) -> ImageMaker:
    return MAKERS[request.param](server)


def test_a_wish_becomes_a_picture(maker: ImageMaker) -> None:
    for wish in (WISH, MASKED):
        made = maker.make(wish, timeout=10)
        assert Image.open(io.BytesIO(made.data)).width >= 64
        assert made.model
        assert made.millis >= 0


def test_it_says_its_name_and_what_it_can(maker: ImageMaker) -> None:
    assert maker.name
    assert isinstance(maker.ability.masks, bool)


@pytest.mark.parametrize("name", ["openai", "comfyui"])
@pytest.mark.parametrize(
    ("mood", "code"),
    [
        ("hangs", "images.timeout"),
        ("drips", "images.timeout"),
        ("broken", "images.bad_answer"),
        ("junk", "images.bad_answer"),
        ("empty", "images.bad_answer"),
    ],
)
def test_a_server_that_misbehaves_is_unavailable_in_time(server: Server, name: str, mood: str, code: str) -> None:
    server.mood = mood
    started = time.monotonic()
    # A busy machine takes its time over an answer: only where none comes may the wait end it.
    patience = 0.5 if code == "images.timeout" else 20
    with pytest.raises(UnavailableError) as error:
        MAKERS[name](server).make(WISH, timeout=patience)
    assert error.value.code == code
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("name", ["openai", "comfyui"])
def test_a_server_that_is_not_there_is_unreachable(name: str) -> None:
    with pytest.raises(UnavailableError) as error:
        MAKERS[name](Server(url="http://127.0.0.1:9")).make(WISH, timeout=2)
    assert error.value.code == "images.unreachable"


@pytest.mark.parametrize("name", ["openai", "comfyui"])
def test_a_refusal_by_its_safety_rules_is_told_apart(server: Server, name: str) -> None:
    server.mood = "policy"
    with pytest.raises(RefusedError) as error:
        MAKERS[name](server).make(WISH, timeout=5)
    assert error.value.code == "images.refused"


def test_openai_is_asked_as_its_protocol_wants(server: Server) -> None:
    MAKERS["openai"](server).make(WISH, timeout=5)
    _, path, body, headers = server.seen[0]
    said = json.loads(body)
    assert path == "/v1/images/generations"
    assert headers["Authorization"] == "Bearer secret"
    assert said["size"] == "1024x1536"
    assert said["n"] == 1
    assert "text, logo" in said["prompt"]


def test_openai_edits_send_base_and_mask_whose_open_part_is_transparent(server: Server) -> None:
    MAKERS["openai_edits"](server).make(MASKED, timeout=5)
    _, path, body, headers = server.seen[0]
    assert path == "/v1/images/edits"
    mail = email.message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    parts = {part.get_param("name", header="content-disposition"): part for part in mail.get_payload()}
    assert {"image", "mask", "prompt", "model"} <= set(parts)
    mask = Image.open(io.BytesIO(parts["mask"].get_payload(decode=True)))
    assert mask.mode == "RGBA"
    assert mask.getpixel((5, mask.height - 5))[3] < 255


def test_openai_follows_a_link_to_itself_only(server: Server) -> None:
    server.mood = "link"
    server.url = server.url  # the picture is on the same host
    assert MAKERS["openai"](server).make(WISH, timeout=5).data
    server.mood = "elsewhere"
    with pytest.raises(RefusedError, match="elsewhere"):
        MAKERS["openai"](server).make(WISH, timeout=5)
    assert all("meta-data" not in path for _, path, _, _ in server.seen)


def test_comfyui_fills_its_workflow_and_waits_for_the_job(server: Server) -> None:
    MAKERS["comfyui"](server).make(WISH, timeout=5)
    graph = json.loads(next(body for _, path, body, _ in server.seen if path == "/prompt"))["prompt"]
    assert graph["2"]["inputs"]["text"] == WISH.prompt
    assert graph["5"]["inputs"]["seed"] == 7
    assert graph["4"]["inputs"]["height"] == 1024
    assert graph["4"]["inputs"]["width"] == 576
    assert server.polls == 3
    assert server.seen[-1][1].startswith("/view?filename=linghang_1.png")


def test_comfyui_uploads_base_and_mask_where_the_workflow_takes_them(server: Server) -> None:
    load = {
        "8": {"class_type": "LoadImage", "inputs": {"image": "%base%"}},
        "9": {"class_type": "LoadImageMask", "inputs": {"image": "%mask%"}},
    }
    maker = ComfyUi(server.url, "x", {**BASIC, **load}, pause=0.01)
    assert maker.ability.masks
    maker.make(MASKED, timeout=5)
    assert [path for _, path, _, _ in server.seen].count("/upload/image") == 2
    graph = json.loads(next(body for _, path, body, _ in server.seen if path == "/prompt"))["prompt"]
    assert graph["8"]["inputs"]["image"].endswith(".png")


@pytest.mark.parametrize(("mood", "code"), [("never", "images.timeout"), ("error", "images.bad_answer")])
def test_comfyui_jobs_that_never_end_or_fail(server: Server, mood: str, code: str) -> None:
    server.mood = mood
    with pytest.raises(UnavailableError) as error:
        MAKERS["comfyui"](server).make(WISH, timeout=0.4 if mood == "never" else 20)
    assert error.value.code == code
    assert (("/interrupt" in [path for _, path, _, _ in server.seen]) is (mood == "never")) or mood == "error"


def test_diffusers_refuse_time_out_and_fail_as_the_others() -> None:
    with pytest.raises(RefusedError):
        LocalDiffusers("/m", load=_pipeline(nsfw=[True])).make(WISH, timeout=5)
    with pytest.raises(UnavailableError) as error:
        LocalDiffusers("/m", load=_pipeline(steps=100, pause=0.05)).make(WISH, timeout=0.3)
    assert error.value.code == "images.timeout"
    with pytest.raises(UnavailableError):
        LocalDiffusers("/m", load=_pipeline(raises=RuntimeError("out of memory"))).make(WISH, timeout=5)
    with pytest.raises(UnavailableError) as missing:
        LocalDiffusers("/no/such/folder").make(WISH, timeout=5)
    assert missing.value.code in ("images.no_diffusers", "images.no_model")


def test_the_environment_says_which_model_a_machine_has() -> None:
    assert images_from_environment({}) is None
    said = {
        "LINGHANG_IMAGES_KIND": "openai",
        "LINGHANG_IMAGES_URL": "http://localhost:1/v1/",
        "LINGHANG_IMAGES_MODEL": "m",
    }
    assert images_from_environment(said) == OpenAiImages("http://localhost:1/v1", "m")
    assert isinstance(
        images_from_environment({"LINGHANG_IMAGES_KIND": "diffusers", "LINGHANG_IMAGES_MODEL": "/m"}), LocalDiffusers
    )
    for wrong in (
        {"LINGHANG_IMAGES_KIND": "openai"},
        {"LINGHANG_IMAGES_KIND": "dream"},
        {"LINGHANG_IMAGES_KIND": "comfyui", "LINGHANG_IMAGES_URL": "ftp://x"},
    ):
        with pytest.raises(UsageError):
            images_from_environment(wrong)
