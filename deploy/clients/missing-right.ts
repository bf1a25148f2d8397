/** Whether Snowflake or AWS said no, in words that tell themselves what is wrong. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'SnowflakeError' || '$metadata' in error);
}

/** What gives a right back whose lack a message of Snowflake or AWS tells; undefined: it is about something else. */
export function missingRight(message: string): string | undefined {
  if (/EXECUTE TASK privilege/i.test(message))
    return 'Let ACCOUNTADMIN run GRANT EXECUTE TASK ON ACCOUNT TO ROLE … for the role that owns the tasks (snowflake.roles.deploy, LOS_DEPLOY unless set).';
  if (/is not authorized to perform|Insufficient privileges/i.test(message))
    return 'los bootstrap prints the rights in Snowflake and in AWS that los needs: grant them, or use another role or profile, then run it again.';
  return undefined;
}
