import type { Account } from '../account.js';
import { SnowflakeError } from '../errors.js';

/** Addresses that mail may go to, in small letters. A user's address counts as verified as soon as it is set: no one reads mails here. */
export function addressesVerified(account: Account): ReadonlySet<string> {
  return new Set(
    account.catalog
      .list('USER')
      .flatMap((user) => ('email' in user && user.email ? [user.email.toLowerCase()] : [])),
  );
}

/**
 * Docs: user-guide/notifications/email-notifications; "If you specify an email address that hasn't been verified, the CREATE
 * NOTIFICATION INTEGRATION command fails with an error".
 * @throws SnowflakeError 394209, with the places of those that are no verified user's
 */
export function requireVerified(account: Account, recipients: readonly string[]): void {
  const verified = addressesVerified(account);
  const places = recipients.flatMap((each, i) => (verified.has(each.toLowerCase()) ? [] : [i + 1]));
  if (places.length > 0)
    throw new SnowflakeError(
      '394209',
      '22023',
      `Email recipients in the given list at indexes [${places.join(',')}] are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account.`,
    );
}
