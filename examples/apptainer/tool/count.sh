#!/bin/sh
# Counts the records of a JSON list by their field "kind".
exec jq -r 'group_by(.kind)[] | "\(.[0].kind) \(length)"' "$@"
