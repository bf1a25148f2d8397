import type { Mailer } from '../../deploy/mail/mailer.js';
import { renderMail } from '../../report/mail/render.js';

/** Renders every mail, so that a broken template is found, and sends none. */
export function renderingMailer(): Mailer {
  return {
    sent: 0,
    async send(event, data) {
      renderMail(event, data, {
        deployment: 'validation',
        schema: 'VALIDATION',
        at: new Date(),
      });
      return false;
    },
    deliver: async () => ({ mails: 0, sent: [], taken: 0 }),
    flush: async () => {},
    close: async () => {},
  };
}
