"""DynamoDB Local as it lies on this disk, in place of a download of LocalStack's own."""

import os

from localstack.runtime import hooks


@hooks.on_infra_start()
def database_from_disk():
    """Starts the jar in folder ``DYNAMODB_LOCAL_HOME`` by the ``java`` of the path."""
    home = os.environ.get("DYNAMODB_LOCAL_HOME")
    if home is None:
        return
    from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller
    from localstack.services.dynamodb.server import DynamodbServer

    def command(server):
        return [
            "java",
            f"-Xmx{server.heap_size}",
            f"-Djava.library.path={home}/DynamoDBLocal_lib",
            "-jar",
            f"{home}/DynamoDBLocal.jar",
            "-port",
            str(server.port),
            "-inMemory",
            *(["-sharedDb"] if server.share_db else []),
        ]

    DynamoDBLocalPackageInstaller.install = lambda self, target=None: None
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda self: {"PATH": os.environ["PATH"]}
    DynamodbServer._create_shell_command = command
