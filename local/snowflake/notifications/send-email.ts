import type { Account } from '../account.js';
import { identifier } from '../catalog/catalog.js';
import { doesNotExist, SnowflakeError } from '../errors.js';
import { addressesVerified } from '../integrations/recipients.js';
import type { Session } from '../sessions/session.js';

/** Snowflake sends as itself. */
const FROM = 'no-reply@snowflake.net';

/**
 * SYSTEM$SEND_EMAIL: a mail to people whom the integration allows, who must also be verified users' addresses.
 * Docs: sql-reference/stored-procedures/system_send_email.
 * @param recipients comma-separated addresses
 * @throws SnowflakeError for an unknown integration or a recipient that is not allowed; no address is in the message
 */
export async function sendEmail(
  account: Account,
  session: Session,
  mail: { integration: string; recipients: string; subject: string; text: string; mimeType: string },
): Promise<void> {
  const integration = account.catalog.find('INTEGRATION', [mail.integration], session);
  if (integration?.category !== 'NOTIFICATION')
    throw doesNotExist('Integration', identifier(mail.integration));
  account.access.require(session, 'USAGE', integration);
  if (!integration.enabled)
    throw new SnowflakeError('003100', '42501', `Integration '${integration.name}' is not enabled.`);
  const recipients = mail.recipients
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const allowed = integration.properties.ALLOWED_RECIPIENTS as string[] | undefined;
  const verified = addressesVerified(account);
  const refused = recipients.filter((each) => {
    if (allowed) return !allowed.some((other) => other.toLowerCase() === each.toLowerCase());
    return !verified.has(each.toLowerCase());
  });
  if (recipients.length === 0 || refused.length > 0)
    throw new SnowflakeError(
      '394209',
      '22023',
      `Email recipients in the given list are not allowed (${refused.length} of ${recipients.length}). Either these email addresses are not yet validated or do not belong to any user in the current account, or they are not in ALLOWED_RECIPIENTS of integration '${integration.name}'.`,
    );
  if (!['text/plain', 'text/html'].includes(mail.mimeType))
    throw new SnowflakeError(
      '394210',
      '22023',
      `Invalid MIME type '${mail.mimeType}': use 'text/plain' or 'text/html'.`,
    );
  const { createTransport } = await import('nodemailer');
  const transport = createTransport(account.network.smtpUrl);
  try {
    await transport.sendMail({
      from: FROM,
      to: recipients,
      subject: mail.subject,
      ...(mail.mimeType === 'text/html' ? { html: mail.text } : { text: mail.text }),
    });
  } catch (error) {
    throw new SnowflakeError(
      '394211',
      '58000',
      `The mail could not be handed over: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  } finally {
    transport.close();
  }
}
