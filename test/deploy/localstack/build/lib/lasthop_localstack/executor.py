"""Functions as processes of the ``node`` in the path, in place of containers."""

import os
import subprocess
import tempfile
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import ExecutorEndpoint
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor
from localstack.utils.net import get_free_tcp_port

HOST = "127.0.0.1"
BOOTSTRAP = Path(__file__).with_name("bootstrap.mjs")


class ProcessExecutor(RuntimeExecutor):
    """One execution environment: a process that stays warm until LocalStack stops it."""

    def __init__(self, id, function_version):
        super().__init__(id=id, function_version=function_version)
        self.port = get_free_tcp_port()
        self.endpoint = ExecutorEndpoint(id, HOST, self.port)
        self.log = tempfile.NamedTemporaryFile(prefix="function-", suffix=".log", delete=False)
        self.process = None

    def start(self, env_vars):
        self.endpoint.start()
        code = self.function_version.config.code.get_unzipped_code_location()
        own = {name: str(value) for name, value in env_vars.items()}
        # In place of the folder that a container has.
        own |= {"PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": str(code), "PORT": str(self.port)}
        self.process = subprocess.Popen(
            ["node", str(BOOTSTRAP)], cwd=code, env=own, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.endpoint.wait_for_startup()

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.endpoint.shutdown()
        self.log.close()
        os.unlink(self.log.name)

    def invoke(self, payload):
        return self.endpoint.invoke(payload)

    def get_address(self):
        return HOST

    def get_endpoint_from_executor(self):
        return HOST

    def get_runtime_endpoint(self):
        port = config.GATEWAY_LISTEN[0].port
        return f"http://{HOST}:{port}{self.endpoint.get_endpoint_prefix()}"

    def get_logs(self):
        return Path(self.log.name).read_text(errors="replace")

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        # Its code stays: the version that follows may have the same.
        pass


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """``LAMBDA_RUNTIME_EXECUTOR=process``"""

    name = "process"

    def load(self, *args, **kwargs):
        return ProcessExecutor
