#!/bin/sh
# Creates a server with the `openstack` command, and deletes it when told to.
fail() {
  words=$(sed 's/"//g; s/ to http.*//; s/ (Request-ID.*//; s/^[^:]*Exception: [0-9]*: //; s/ for url.*//; q' "$errors")
  echo "{\"error\": \"$words\"}"
  cat "$errors" >&2
  rm "$errors"
  exit 1
}

errors=$(mktemp)
id=$(openstack server create --image "$IMAGE" --flavor "$FLAVOR" "$SERVER_NAME" -f value -c id 2>"$errors") || fail
echo "{\"server\": \"$id\"}"
if read -r _; then
  openstack server delete "$id" 2>"$errors" || fail
  echo "{\"deleted\": \"$id\"}"
fi
rm "$errors"
