"""Starts an emulator, with or without the overlay, and deploys the portal's template to it as the local cloud does."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3

from emulator import SETTINGS
from function_host import FunctionHost

ROOT = Path(__file__).resolve().parents[3]
STAGE = "local"
STACK = "recollect-local"
FUNCTIONS = ["models_list", "messages_create", "ws_connect", "ws_disconnect", "ws_message", "reply"]
SECRET = "a-secret-that-only-tests-know"


class Emulator:
    """A running emulator whose functions are at the host."""

    def __init__(self, host: FunctionHost, overlay: bool) -> None:
        self.host = host
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()
        stock = ["-c", "from ministack.app import main; main()"]
        command = [str(ROOT / "infra/local/emulator.py"), "--port", str(self.port)] if overlay else stock
        proxies = {f"MINISTACK_LAMBDA_PROXY_{STAGE}_{name}": host.url(name) for name in FUNCTIONS}
        settings = SETTINGS | {"GATEWAY_PORT": str(self.port)}
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **settings, **proxies}
        self._process = subprocess.Popen([sys.executable, *command], env=environment, stdout=self._log, stderr=self._log)
        self._wait_until_healthy()

    def client(self, service: str, **options: Any) -> Any:
        """Makes a client of an AWS service."""
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
        return boto3.client(service, **({"endpoint_url": self.url} | keys | options))

    def deploy(self) -> dict[str, str]:
        """Deploys template.yaml as `aws` does it; returns the outputs."""
        with tempfile.TemporaryDirectory() as folder:
            packaged = f"{folder}/packaged.yaml"
            self._aws("s3", "mb", "s3://artifacts")
            template = str(ROOT / "template.yaml")
            self._aws("cloudformation", "package", "--template-file", template, "--s3-bucket", "artifacts",
                      "--output-template-file", packaged)  # fmt: skip
            self._aws("cloudformation", "deploy", "--template-file", packaged, "--stack-name", STACK,
                      "--s3-bucket", "artifacts", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--parameter-overrides",
                      f"Stage={STAGE}", f"EmulatorUrl={self.url}", f"OriginSecret={SECRET}", "LogFormat=text",
                      "DatabaseUrl=postgres://app@127.0.0.1/app", "DatabaseDirectUrl=postgres://owner@127.0.0.1/app")  # fmt: skip
        stack = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def stop(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def _aws(self, *arguments: str) -> None:
        keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "AWS_ENDPOINT_URL": self.url, **keys}
        done = subprocess.run([sys.executable, "-m", "awscli", *arguments], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"aws {' '.join(arguments[:2])}: {done.stdout}{done.stderr}"

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the emulator ended: {self._log_text()}"
            try:
                with urlopen(f"{self.url}/_ministack/health", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the emulator is not healthy after 30 s: {self._log_text()}")

    def _log_text(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")


class Portal:
    """The deployed template on an emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.host = emulator.host
        self.outputs = emulator.deploy()

    @property
    def api_url(self) -> str:
        """Where the REST API answers."""
        return f"{self.emulator.url}/_aws/execute-api/{self.outputs['RestApiId']}/{STAGE}"

    @property
    def socket_url(self) -> str:
        """Where sockets connect."""
        return f"{self.management_url.replace('http', 'ws', 1)}?conversation_id=abc"

    @property
    def management_url(self) -> str:
        """Where functions post to sockets."""
        return f"{self.emulator.url}/_aws/execute-api/{self.outputs['WebSocketApiId']}/{STAGE}"

    def sockets(self) -> Any:
        """Makes a client of the sockets' management API."""
        return self.emulator.client("apigatewaymanagementapi", endpoint_url=self.management_url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
