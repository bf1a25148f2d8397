/** A mail server as it is logged in to. Its address can be shown; user and password are kept apart from it. */
export interface SmtpServer {
  /** `smtp://` or `smtps://` address without user and password. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** The mail server that a deployment was given, or why it cannot be used. */
export interface SmtpChoice {
  /** undefined: no mails are sent. */
  readonly server: SmtpServer | undefined;
  /** Problem and how to write it, without any of its content; undefined: nothing. */
  readonly problem?: { readonly what: string; readonly fix: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Chooses the mail server: LOS_SMTP_URL, else the settings' mail.smtpUrl, else one that is there anyway. User and
 * password may stand in LOS_SMTP_URL or apart from it, in LOS_SMTP_USER and LOS_SMTP_PASSWORD, which win.
 * It never throws: no trouble with mails stops a command.
 * @param fallback the local mailbox
 */
export function chooseSmtp(env: Environment, fromFile: string | null, fallback?: SmtpServer): SmtpChoice {
  const [name, url] = env.LOS_SMTP_URL ? ['LOS_SMTP_URL', env.LOS_SMTP_URL] : ['mail.smtpUrl', fromFile];
  if (!url) return { server: fallback };
  const server = readSmtpUrl(url);
  if (!server)
    return {
      server: undefined,
      problem: {
        what: `${name} is not the address of a mail server`,
        fix: `Write ${name} as smtps://mail.example.org:465 and give user and password in LOS_SMTP_USER and LOS_SMTP_PASSWORD. Inside LOS_SMTP_URL, a password’s / # ? @ and % are written %2F %23 %3F %40 and %25.`,
      },
    };
  const user = env.LOS_SMTP_USER || server.user;
  const password = env.LOS_SMTP_PASSWORD || server.password;
  if (password !== undefined && user === undefined)
    return {
      server: undefined,
      problem: {
        what: 'LOS_SMTP_PASSWORD is given without a user',
        fix: 'Name the user of the mail server in LOS_SMTP_USER.',
      },
    };
  return {
    server: {
      url: server.url,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    },
  };
}

/**
 * Takes an SMTP URL apart. A password that holds / # or ? unescaped ends the address early: what is left of it then
 * reads as a path, and nothing of such a URL is used (nodemailer and Node's own url.parse would quote all of it).
 * @returns undefined when it is not an address of a mail server
 */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  try {
    const url = new URL(text);
    const rest = `${url.pathname}${url.search}${url.hash}`;
    if (!/^smtps?:$/.test(url.protocol) || !url.hostname) return undefined;
    if ((url.pathname !== '' && url.pathname !== '/') || url.hash || rest.includes('@')) return undefined;
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    url.username = '';
    url.password = '';
    return { url: url.href, ...(user ? { user } : {}), ...(password ? { password } : {}) };
  } catch (error) {
    // Not a URL, or a % that escapes nothing. Either error quotes what it could not read.
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Options by which nodemailer reaches a server; one that does not answer is soon given up. */
export function transportOptions({ url, user, password }: SmtpServer) {
  return {
    url,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    // A password that leaves this machine goes encrypted, whatever stands between here and the server says.
    requireTLS: password !== undefined && !LOOPBACK.test(new URL(url).hostname),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  };
}
