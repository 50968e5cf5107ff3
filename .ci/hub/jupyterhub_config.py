"""JupyterHub's configuration from the chart's values, for a hub on this machine.

HUB_CHECK names a JSON file with the values as the CDK app renders them and what the check chose.
With the chart at hand its own jupyterhub_config.py applies the values; without, this file does so
as that one does. What cannot be had without a cluster is replaced at the end, and only there.
"""

import json
import os
import sys
from pathlib import Path

import yaml

c = get_config()  # noqa: F821 (JupyterHub gives it)
check = json.loads(Path(os.environ["HUB_CHECK"]).read_text())
values = check["values"]


def apply_with_the_chart(folder):
    """The chart's own configuration, which finds in memory what it reads in its pod's files."""
    sys.path.insert(0, str(folder / "files/hub"))
    import z2jh

    # The chart's templates write its defaults and the values into one file
    everything = z2jh._merge_dictionaries(yaml.safe_load((folder / "values.yaml").read_text()), values)
    secrets = {"hub.config.JupyterHub.cookie_secret": check["cookie_secret"], "hub.config.CryptKeeper.keys": "00" * 32}
    z2jh._load_config = lambda: everything
    z2jh._get_config_value = lambda key: key
    z2jh.get_secret_value = lambda key, default=None: secrets.get(key, default)
    os.environ.update({"HUB_SERVICE_PORT": "8081", "PROXY_API_SERVICE_PORT": "8001"})
    file = folder / "files/hub/jupyterhub_config.py"
    exec(compile(file.read_text(), str(file), "exec"), {"__file__": str(file), "get_config": lambda: c})
    assert c.JupyterHub.spawner_class == "kubespawner.KubeSpawner"
    c.Spawner.environment = c.KubeSpawner.environment
    c.Spawner.start_timeout = c.KubeSpawner.start_timeout


def apply_as_the_chart_does():
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
    c.JupyterHub.cookie_secret = bytes.fromhex(check["cookie_secret"])
    c.JupyterHub.services = []
    c.JupyterHub.load_roles = []
    c.Spawner.environment = values["singleuser"]["extraEnv"]
    c.Spawner.start_timeout = values["singleuser"]["startTimeout"]
    c.Spawner.default_url = values["singleuser"]["defaultUrl"]
    if values["cull"]["enabled"]:
        c.JupyterHub.services.append(
            {
                "name": "jupyterhub-idle-culler",
                "command": [
                    "python3",
                    "-m",
                    "jupyterhub_idle_culler",
                    "--url=http://localhost:8081/hub/api",
                    f"--timeout={values['cull']['timeout']}",
                    f"--cull-every={values['cull']['every']}",
                    "--cull-admin-users=false",
                ],
            }
        )
        c.JupyterHub.load_roles.append(
            {
                "name": "jupyterhub-idle-culler",
                "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
                "services": ["jupyterhub-idle-culler"],
            }
        )
    for section, settings in values["hub"]["config"].items():
        c[section].update(settings)
    for _, code in sorted(values["hub"]["extraConfig"].items()):
        exec(code, {"c": c, "get_config": lambda: c})


if check["chart"]:
    apply_with_the_chart(Path(check["chart"]))
else:
    apply_as_the_chart_does()

# --- instead of a cluster: processes, free ports, this folder, and a proxy that the hub starts ------

work = Path(check["work"])
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(work / "home-{username}")
c.Spawner.args.append("--allow-root")
c.Spawner.environment = {**c.Spawner.environment, **check["environment"]}
c.JupyterHub.db_url = f"sqlite:///{work}/jupyterhub.sqlite"
c.JupyterHub.bind_url = check["url"]
c.JupyterHub.hub_bind_url = check["hub"]
c.JupyterHub.hub_connect_url = check["hub"]
c.ConfigurableHTTPProxy.should_start = True
c.ConfigurableHTTPProxy.api_url = check["proxy_api"]
c.ConfigurableHTTPProxy.pid_file = str(work / "proxy.pid")
# Servers end with the hub, so that nothing is left of a check that fails
c.JupyterHub.cleanup_servers = True
# The check plays the culler as well, with less patience
for service in c.JupyterHub.services:
    service["command"] = [part.replace("http://localhost:8081", check["hub"]) for part in service["command"]]
    service["api_token"] = check["culler_token"]
    service["environment"] = check["environment"]
