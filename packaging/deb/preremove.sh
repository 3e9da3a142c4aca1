#!/bin/sh
# Stops the service before its program is taken away. Data and evidence stay.
set -e
if [ "$1" != upgrade ] && [ -d /run/systemd/system ]; then
  systemctl disable --now beianwatch.service || true
fi
