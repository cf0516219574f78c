#!/usr/bin/env bash
# The ten criteria as one would script them with kubectl: the yardstick for what `sts-lab verify` adds.
#   ten-checks.sh NAMESPACE STATEFULSET [kubectl options, e.g. --context kind-kind]
# The same pass as verify makes, on a set that is up: baseline, delete one pod, grow by two, shrink to
# nothing, grow back. Order is read from one watch, as there. Prints "N ok|FAILED title" for each; exit 1 if any
# failed. It waits as well as kubectl can: by events (rollout status, wait); it sleeps only while its own watch lags.
set -uo pipefail
NS=$1 SET=$2; shift 2
k() { kubectl -n "$NS" --request-timeout=30s "${KUBECTL_OPTIONS[@]}" "$@"; }
KUBECTL_OPTIONS=("$@")
TIMEOUT=120s FAILED=0 WORK=$(mktemp -d)
PROBE=ten-checks-probe

report() { # NUMBER TITLE COMMAND...
  local number=$1 title=$2; shift 2
  if "$@"; then echo "$number ok $title"; else echo "$number FAILED $title"; FAILED=1; fi
}
cleanup() {
  [ -z "${WATCH:-}" ] || kill "$WATCH" 2>/dev/null
  k delete pod $PROBE --ignore-not-found --now --wait=false >/dev/null 2>&1
  [ ! -s "$WORK/added-claims" ] || xargs -r kubectl -n "$NS" "${KUBECTL_OPTIONS[@]}" delete --wait=false >/dev/null 2>&1 <"$WORK/added-claims"
  rm -rf "$WORK"
}
trap cleanup EXIT

# One request each for what several checks read.
IFS='|' read -r UID_SET REPLICAS SERVICE TEMPLATE MOUNT CONTAINER < <(k get statefulset "$SET" -o jsonpath='{.metadata.uid}|{.spec.replicas}|{.spec.serviceName}|{.spec.volumeClaimTemplates[0].metadata.name}|{.spec.template.spec.containers[0].volumeMounts[0].mountPath}|{.spec.template.spec.containers[0].name}{"\n"}')
[ -n "$UID_SET" ] || exit 1
GROWN=$((REPLICAS + 2))

pod_names() { seq -f "$SET-%g" 0 $(($1 - 1)); }
claims() { k get pvc -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.uid} {.status.phase} {.spec.volumeName} {.metadata.deletionTimestamp}{"\n"}{end}' | grep "^$TEMPLATE-$SET-" | sort; }
content() { local pod; for pod in $(pod_names "$REPLICAS"); do echo "$pod $(k exec "$pod" -c "$CONTAINER" -- head -n 1 "$MOUNT/index.html" | tr '\n' ' ')"; done; }
token() { k exec "$1" -c "$CONTAINER" -- cat "$MOUNT/.ten-checks-token" 2>/dev/null; }

# ── one watch for every question about order. Kept as it comes (awk in the pipe would hold lines back) and
# read as "name state": A(dded), R(eady), T(erminating), G(one)
: >"$WORK/events"
kubectl -n "$NS" "${KUBECTL_OPTIONS[@]}" get pods --watch --output-watch-events \
  -o jsonpath='{.type} {.object.metadata.name} {.object.metadata.deletionTimestamp}/{.object.status.conditions[?(@.type=="Ready")].status}{"\n"}' >"$WORK/events" &
WATCH=$!
mark() { wc -l <"$WORK/events"; }
since() { # FROM: each pod's first event of each state
  tail -n "+$(($1 + 1))" "$WORK/events" |
    awk '{ split($3, s, "/"); state = $1 == "DELETED" ? "G" : s[1] != "" ? "T" : s[2] == "True" ? "R" : "A"; if (!seen[$2, state]++) print $2, state }'
}
settle() { # COUNT STATE FROM: until the watch, too, has told us of as many pods in that state
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    [ "$(since "$3" | grep -c " $2\$")" -ge "$1" ] && return
    sleep 0.05
  done
}
added_after_ready() { # FROM FIRST LAST: each pod is added after its predecessor is ready
  since "$1" | awk -v set="$SET" -v first="$2" -v last="$3" '
    $2 == "A" && !a[$1] { a[$1] = NR } $2 == "R" && !r[$1] { r[$1] = NR }
    END { for (i = first; i <= last; i++) { if (!a[set "-" i]) exit 1; if (i > first && !(r[set "-" (i - 1)] && r[set "-" (i - 1)] < a[set "-" i])) exit 1 } }'
}
terminating_after_gone() { # FROM LAST: pod i is terminating only after pod i+1 is gone
  since "$1" | awk -v set="$SET" -v last="$2" '
    $2 == "T" && !t[$1] { t[$1] = NR } $2 == "G" && !g[$1] { g[$1] = NR }
    END { for (i = 0; i <= last; i++) { if (!g[set "-" i]) exit 1; if (i < last && !(g[set "-" (i + 1)] < t[set "-" i])) exit 1 } }'
}

# ── baseline
k run $PROBE --image=busybox:1.36 --restart=Never --image-pull-policy=IfNotPresent --command -- sh -c 'trap "exit 0" TERM; sleep 3600 & wait' >/dev/null
names_and_hosts() {
  [ "$(k get pods -o jsonpath='{range .items[*]}{.metadata.ownerReferences[0].uid} {.metadata.name} {.spec.hostname}{"\n"}{end}' | awk -v uid="$UID_SET" '$1 == uid && $2 == $3 { print $2 }' | sort)" = "$(pod_names "$REPLICAS" | sort)" ]
}
storage() {
  local volumes; volumes=$(claims | awk '$3 == "Bound" { print $4 }')
  [ "$(wc -l <<<"$volumes")" = "$REPLICAS" ] && [ "$(sort -u <<<"$volumes" | wc -l)" = "$REPLICAS" ] &&
    [ "$(k get pods -o jsonpath='{range .items[*]}{.metadata.name} {.spec.volumes[*].persistentVolumeClaim.claimName}{"\n"}{end}' | awk -v t="$TEMPLATE" '$2 == t "-" $1' | wc -l)" = "$REPLICAS" ]
}
own_content() { awk '{ pod = $1; $1 = ""; if (index($0, pod) == 0) exit 1; if (seen[$0]++) exit 1 }' "$WORK/content"; }
names_resolve() {
  local pod ip
  k wait pod/$PROBE --for=condition=Ready --timeout=$TIMEOUT >/dev/null || return 1
  while read -r pod ip; do
    k exec $PROBE -- nslookup "$pod.$SERVICE.$NS.svc.cluster.local" 2>/dev/null | grep -q "Address.*[ :]$ip\$" || return 1
  done < <(k get pods -o jsonpath='{range .items[*]}{.metadata.ownerReferences[0].uid} {.metadata.name} {.status.podIP}{"\n"}{end}' | awk -v uid="$UID_SET" '$1 == uid { print $2, $3 }')
}
report 1 'stable names' names_and_hosts
report 3 'a volume each' storage
content >"$WORK/content"; claims >"$WORK/claims"
report 4 'own content' own_content
report 5 'DNS names' names_resolve
for pod in $(pod_names "$REPLICAS"); do k exec "$pod" -c "$CONTAINER" -- sh -c "echo $pod-$$ >$MOUNT/.ten-checks-token"; done

# ── delete one pod
VICTIM=$SET-$((REPLICAS - 1)); before=$(k get pod "$VICTIM" -o jsonpath='{.metadata.uid}')
k delete pod "$VICTIM" >/dev/null # waits until it is gone
k rollout status statefulset/"$SET" --timeout=$TIMEOUT >/dev/null
identity() {
  [ "$(k get pod "$VICTIM" -o jsonpath='{.metadata.uid}')" != "$before" ] && [ "$(token "$VICTIM")" = "$VICTIM-$$" ] &&
    [ "$(claims)" = "$(cat "$WORK/claims")" ] && [ "$(content)" = "$(cat "$WORK/content")" ]
}
report 6 'identity survives a deletion' identity

# ── grow by two
FROM=$(mark)
k scale statefulset/"$SET" --replicas=$GROWN >/dev/null
k rollout status statefulset/"$SET" --timeout=$TIMEOUT >/dev/null
settle 2 R "$FROM"
report 7 'ordered growth' added_after_ready "$FROM" "$REPLICAS" $((GROWN - 1))
for i in $(seq "$REPLICAS" $((GROWN - 1))); do echo "pvc/$TEMPLATE-$SET-$i"; done >"$WORK/added-claims"
claims >"$WORK/grown-claims"

# ── shrink to nothing
FROM=$(mark)
k scale statefulset/"$SET" --replicas=0 >/dev/null
k wait statefulset/"$SET" --for=jsonpath='{.status.replicas}'=0 --timeout=600s >/dev/null
for pod in $(pod_names $GROWN); do echo "pod/$pod"; done | xargs kubectl -n "$NS" "${KUBECTL_OPTIONS[@]}" wait --for=delete --timeout=$TIMEOUT >/dev/null
settle $GROWN G "$FROM"
report 8 'ordered shrinking' terminating_after_gone "$FROM" $((GROWN - 1))
kept() { [ "$(claims)" = "$(cat "$WORK/grown-claims")" ]; }
report 9 'claims are kept' kept

# ── grow back to where it was
FROM=$(mark)
k scale statefulset/"$SET" --replicas="$REPLICAS" >/dev/null
k rollout status statefulset/"$SET" --timeout=$TIMEOUT >/dev/null
settle "$REPLICAS" R "$FROM"
report 2 'sequential creation' added_after_ready "$FROM" 0 $((REPLICAS - 1))
reused() {
  local pod
  kept && [ "$(content)" = "$(cat "$WORK/content")" ] || return 1
  for pod in $(pod_names "$REPLICAS"); do [ "$(token "$pod")" = "$pod-$$" ] || return 1; done
}
report 10 'claims are used again' reused
for pod in $(pod_names "$REPLICAS"); do k exec "$pod" -c "$CONTAINER" -- rm -f "$MOUNT/.ten-checks-token"; done
exit $FAILED
