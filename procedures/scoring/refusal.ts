/**
 * Tells whether a request failed because its endpoint had more to do than it could: Snowflake has repeated it for as long as it does, and the
 * same again would end as this did. Fewer rows at once may go through.
 * @param message what Snowflake says of the call
 */
export function isOverload(message: string): boolean {
  const status = /remote service error: (\d{3})\b/.exec(message);
  return (
    (status !== null && ['429', '503', '504'].indexOf(status[1] as string) >= 0) ||
    /throttl|rate exceeded/i.test(message) ||
    /external function.*(retry|time).{0,12}out/i.test(message)
  );
}

/**
 * Tells whether a failed request was refused for what is in it, so that a smaller one may go through, or failed for
 * something that passes by waiting: throttling, a time-out, an endpoint that is not in service, an error of the
 * service's own. SageMaker wraps both in its ModelError; the container's own status stands in the text.
 * @param message what Snowflake says of the call
 */
export function isRefusal(message: string): boolean {
  if (
    /not found|in ?service|throttl|rate exceeded|security token|not authorized|access ?denied/i.test(message)
  )
    return false;
  if (/CLIENT_ERROR_FROM_MODEL|client error \(4\d\d\)/i.test(message)) return true;
  // The response translators say this of a single row.
  if (/answered something that is no number for row/.test(message)) return true;
  const status = /remote service error: (\d{3})\b/.exec(message);
  return status !== null && ['400', '413', '415', '422'].indexOf(status[1] as string) >= 0;
}
