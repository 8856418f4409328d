#!/usr/bin/env bash
# The step of action.yml that judges: runs $PROGRAM with what the action's inputs say (ENDPOINT_URL, SPAWN, BASELINE, OPTIONS), writes
# the reports to $RUNNER_TEMP/ssm-conformance, and the Markdown report to the job's summary. Exit status: that of the run.
set -u
reports=$RUNNER_TEMP/ssm-conformance
rm -rf "$reports"
mkdir -p "$reports"

arguments=(--results "$reports/results.jsonl" --junit "$reports/junit.xml" --markdown "$reports/report.md" --sarif "$reports/report.sarif")
[[ -n ${ENDPOINT_URL-} ]] && arguments+=(--endpoint-url "$ENDPOINT_URL")
[[ -n ${SPAWN-} ]] && arguments+=(--spawn "$SPAWN")
[[ -n ${BASELINE-} ]] && arguments+=(--baseline "$BASELINE")
if [[ -n ${OPTIONS-} ]]; then
  mapfile -t more < <(xargs printf '%s\n' <<<"$OPTIONS")  # xargs reads quotes as a shell does, and runs nothing
  arguments+=("${more[@]}")
fi

"$PROGRAM" run "${arguments[@]}"
status=$?
{
  echo "status=$status"
  echo "reports=$reports"
  [[ -s $reports/report.sarif ]] && echo "sarif=$reports/report.sarif"
} >>"$GITHUB_OUTPUT"
# GitHub drops a summary of more than 1 MiB, so only whole lines of the first 1,000 kB are written.
if [[ -s $reports/report.md ]]; then head -c 1000000 "$reports/report.md" | sed '$ { /^$/! s/$/\n/ }' >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
