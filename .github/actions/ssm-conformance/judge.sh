#!/usr/bin/env bash
# The step of action.yml that judges: runs $PROGRAM with what the action's inputs say (ENDPOINT_URL, SPAWN, BASELINE, OPTIONS), writes
# the reports to $RUNNER_TEMP/ssm-conformance, and the Markdown report to the job's summary. Exit status: that of the run.
set -u
reports=$RUNNER_TEMP/ssm-conformance
rm -rf "$reports"
mkdir -p "$reports"

# Prints a report, but not more than GitHub takes for a summary, which is 1 MiB: it drops a longer one as a whole.
summary() {
  if [[ $(stat -c %s "$1") -le 1000000 ]]; then
    cat "$1"
  else
    head -c 1000000 "$1" | sed '$d'  # without the line that was cut
    printf '\n\nThe report is longer than a summary may be; report.md has all of it.\n'
  fi
}

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
if [[ -s $reports/report.md ]]; then summary "$reports/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
