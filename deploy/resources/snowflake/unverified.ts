/** Remedy for an address that is not verified. */
export const VERIFY =
  "Each address must be a user's of this account and verified: SELECT SYSTEM$START_USER_EMAIL_VERIFICATION('USER') as that user or its owner, then the link in the mail; or take it out of mail.verified.";

/**
 * True where a notification integration is refused for addresses that are no verified users'. Known by its words
 * (user-guide/notifications/email-notifications): the code, 394209, stands in no page.
 */
export function isUnverified({ message }: Error): boolean {
  return /Email recipients in the given list .*are not allowed/s.test(message);
}

/** `[1, 3]`, the places in the list that Snowflake names; no address. */
export function placesOfRefused({ message }: Error): string {
  return /at indexes (\[[^\]]*\])/.exec(message)?.[1] ?? 'unnamed places';
}
