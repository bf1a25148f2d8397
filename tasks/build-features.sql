-- name: LOS_BUILD_FEATURES
-- operators: run
-- schedule: {{tasks.schedule}}
-- run: features
-- needs: <INVOKE_DETAIL>
-- Builds features of new and changed admissions; the root of the scoring graph. It sleeps while the stream on an own table is empty. Without one it
-- runs by its schedule alone: a condition on a stream that others make stale, by replacing what is below it, would fail.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  {{only:wakes}}WHEN SYSTEM$STREAM_HAS_DATA('{{ref:<TABLE>_CHANGES}}') OR SYSTEM$STREAM_HAS_DATA('{{ref:<DATASET>_UNSCORED}}')
AS CALL {{ref:BUILD_FEATURES}}()
