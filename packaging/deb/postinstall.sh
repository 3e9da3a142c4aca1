#!/bin/sh
# Makes the user of the service. The service is not started: it needs an inventory first.
set -e
if ! getent passwd beianwatch >/dev/null; then
  useradd --system --user-group --home-dir /var/lib/beianwatch --no-create-home --shell /usr/sbin/nologin beianwatch
fi
chgrp beianwatch /etc/beianwatch /etc/beianwatch/beianwatch.yaml
chmod 0750 /etc/beianwatch
chmod 0640 /etc/beianwatch/beianwatch.yaml
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
