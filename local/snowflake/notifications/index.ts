/** Notifications: mail from SQL. */
import type { Feature, SystemFunction } from '../feature.js';
import { splitName } from '../language/split-name.js';
import { BOOLEAN } from '../types/data-type.js';
import { sendEmail } from './send-email.js';

const sendEmailFunction: SystemFunction = {
  name: 'SYSTEM$SEND_EMAIL',
  arity: [4, 5],
  returns: BOOLEAN,
  run: async (b, [integration, recipients, subject, text, mimeType]) => {
    await sendEmail(b.account, b.session, {
      integration: splitName(integration ?? '')[0] ?? '',
      recipients: recipients ?? '',
      subject: subject ?? '',
      text: text ?? '',
      mimeType: mimeType ?? 'text/plain',
    });
    return '1';
  },
};

export const notifications: Feature = { systemFunctions: [sendEmailFunction] };
