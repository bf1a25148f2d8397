import { redactor } from '../deploy/clients/redact.js';
import type { Context } from '../deploy/context.js';

/** Takes out of a text what names an account, a user or a host, and what looks like a secret. */
export function masker({ aws, target }: Pick<Context, 'aws' | 'target'>): (text: string) => string {
  const options = target.snowflake ?? {};
  const hide = redactor([
    options.password,
    options.token,
    options.privateKey,
    options.account,
    options.username,
  ]);
  return (text) =>
    hide(text)
      .replaceAll(aws.accountId, 'ACCOUNT')
      .replace(/\b\d{12}\b/g, 'ACCOUNT')
      .replace(/https?:\/\/[^\s'"]+/g, 'URL')
      .replace(/\b[\w-]+\.snowflakecomputing\.\w+/gi, 'HOST');
}
