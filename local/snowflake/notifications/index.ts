/** Notifications: mail from SQL. */

import { splitName } from '../language/split-name.js';
import { systemFunction } from '../routines/system-function.js';
import { BOOLEAN } from '../types/data-type.js';
import { sendEmail } from './send-email.js';

systemFunction(
  'SYSTEM$SEND_EMAIL',
  [4, 5],
  BOOLEAN,
  async (b, [integration, recipients, subject, text, mimeType]) => {
    await sendEmail(b.account, b.session, {
      integration: splitName(integration ?? '')[0] ?? '',
      recipients: recipients ?? '',
      subject: subject ?? '',
      text: text ?? '',
      mimeType: mimeType ?? 'text/plain',
    });
    return '1';
  },
);
