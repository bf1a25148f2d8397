import { randomBytes } from 'node:crypto';
import { keyPairTokenError, passwordMatches, tokenClaims } from '../access/passwords.js';
import type { Account } from '../account.js';
import { schemaNamed } from '../catalog/information-schema.js';
import type { CatalogObject, User } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { isAllowed } from '../objects/users/network-policies.js';
import { type ParameterValue, SERVER_PARAMETERS, SESSION_PARAMETERS } from '../sessions/parameters.js';
import type { Session } from '../sessions/session.js';

/** Lifetimes of the two tokens, in seconds, as Snowflake's. */
const SESSION_SECONDS = 3600;
const MASTER_SECONDS = 14_400;

/** What a client holds after a login. */
export interface Login {
  session: Session;
  token: string;
  tokenExpires: number;
  master: string;
  masterExpires: number;
}

/** Logins by their tokens. */
export class Logins {
  private readonly byToken = new Map<string, Login>();
  private readonly byMaster = new Map<string, Login>();
  /** Tokens of sessions that have ended, newest last. */
  private readonly ended = new Set<string>();

  constructor(private readonly account: Account) {}

  /**
   * Answers /session/v1/login-request.
   * @throws SnowflakeError 390100 for a wrong name or password, 390144 for a wrong key, 390189 for a role, 390201, 390422
   */
  async login(
    query: URLSearchParams,
    data: Record<string, unknown>,
    address: string,
  ): Promise<Record<string, unknown>> {
    await this.sweep();
    const user = await this.authenticate(data);
    this.requireAllowed(user, address);
    const session = await this.account.internalSession({ user: user.name, role: this.role(user, query) });
    session.secondaryRoles = user.defaultSecondaryRoles === 'ALL';
    session.formatParameter = formatParameterOf(data);
    // Only the core that Snowflake's drivers are to have in common sends it: a key of a stage may be a text.
    if (data.CLIENT_CAPABILITIES !== undefined) session.stageForm = 'S3';
    // It takes the size of a stream when it has been read, and writes so many bytes: none (gosnowflake, up to 2.1).
    else if (data.CLIENT_APP_ID === 'Go') session.stageForm = 'folder without streams';
    // This driver cannot put values that it holds in memory into a LOCAL_FS stage; others can.
    if (data.CLIENT_APP_ID === 'JavaScript' && session.stageForm === 'folder')
      session.defaults.set('CLIENT_STAGE_ARRAY_BINDING_THRESHOLD', 2_000_000_000);
    for (const [name, value] of Object.entries(user.parameters ?? {})) session.defaults.set(name, value);
    try {
      if (user.parameters?.TIMEZONE !== undefined) session.applyTimezone();
      const given = (data.SESSION_PARAMETERS ?? {}) as Record<string, ParameterValue>;
      for (const [name, value] of Object.entries(given)) {
        const key = name.toUpperCase();
        // Clients send parameters of later versions as well; Snowflake ignores those it does not know.
        if (key in SESSION_PARAMETERS) await session.setParameter(key, value);
      }
      this.place(session, user, query, given.CLIENT_VALIDATE_DEFAULT_PARAMETERS === true);
    } catch (error) {
      await this.account.closeSession(session);
      throw error;
    }
    const login: Login = { session, ...this.newToken(), ...this.newMaster() };
    this.byToken.set(login.token, login);
    this.byMaster.set(login.master, login);
    return {
      masterToken: login.master,
      token: login.token,
      validityInSeconds: SESSION_SECONDS,
      masterValidityInSeconds: MASTER_SECONDS,
      displayUserName: user.name,
      serverVersion: '9.0.0 local',
      firstLogin: false,
      remMeToken: null,
      remMeValidityInSeconds: 0,
      healthCheckInterval: 45,
      newClientForUpgrade: null,
      sessionId: session.id,
      parameters: parameterList(session),
      sessionInfo: {
        databaseName: session.database ?? null,
        schemaName: session.schema ?? null,
        warehouseName: session.warehouse ?? null,
        roleName: session.role,
      },
      idToken: null,
      idTokenValidityInSeconds: 0,
      responseData: null,
      mfaToken: null,
      mfaTokenValidityInSeconds: 0,
    };
  }

  /**
   * The login of a request's `Authorization: Snowflake Token="…"`.
   * @throws SnowflakeError 390112 if the token has expired, 390111 if its session has ended, 390104 if it never was, 390422
   */
  require(authorization: string | undefined, address: string): Login {
    const token = tokenOf(authorization);
    const login = this.byToken.get(token);
    if (login ? login.session.closed : this.ended.has(token))
      throw new SnowflakeError(
        '390111',
        '08001',
        'Session no longer exists.  New login required to access the service.',
      );
    if (!login)
      throw new SnowflakeError(
        '390104',
        '08001',
        'Session token is invalid. The user must authenticate again.',
      );
    if (login.tokenExpires <= this.account.clock.now()) {
      throw new SnowflakeError(
        '390112',
        '08001',
        'Authentication token has expired.  The user must authenticate again.',
      );
    }
    const user = this.account.catalog.at('USER', login.session.user);
    if (user) this.requireAllowed(user, address);
    return login;
  }

  /** A heartbeat keeps the session alive. */
  extend(login: Login): void {
    login.masterExpires = this.account.clock.now() + MASTER_SECONDS * 1000;
  }

  /** @throws SnowflakeError 390114 if the master token has expired, 390104 if it never was */
  renew(authorization: string | undefined): Record<string, unknown> {
    const login = this.byMaster.get(tokenOf(authorization));
    if (!login)
      throw new SnowflakeError(
        '390104',
        '08001',
        'Master token is invalid. The user must authenticate again.',
      );
    if (login.masterExpires <= this.account.clock.now()) {
      throw new SnowflakeError(
        '390114',
        '08001',
        'Authentication token has expired.  The user must authenticate again.',
      );
    }
    this.byToken.delete(login.token);
    this.byMaster.delete(login.master);
    Object.assign(login, this.newToken(), this.newMaster());
    this.byToken.set(login.token, login);
    this.byMaster.set(login.master, login);
    return {
      sessionToken: login.token,
      validityInSecondsST: SESSION_SECONDS,
      masterToken: login.master,
      validityInSecondsMT: MASTER_SECONDS,
      sessionId: login.session.id,
    };
  }

  async logout(login: Login): Promise<void> {
    this.byToken.delete(login.token);
    this.byMaster.delete(login.master);
    this.ended.add(login.token);
    if (this.ended.size > 10_000) this.ended.delete(this.ended.values().next().value!);
    if (login.session.closed) return;
    login.session.connection.interrupt();
    await login.session.exclusive(() => this.account.closeSession(login.session));
  }

  /** Ends the sessions whose clients have not renewed them in time. */
  private async sweep(): Promise<void> {
    const now = this.account.clock.now();
    for (const login of this.byMaster.values()) if (login.masterExpires <= now) await this.logout(login);
  }

  private async authenticate(data: Record<string, unknown>): Promise<User> {
    const authenticator = String(data.AUTHENTICATOR ?? 'SNOWFLAKE').toUpperCase();
    if (authenticator === 'SNOWFLAKE_JWT') return this.userByKeyPair(String(data.TOKEN ?? ''));
    if (authenticator !== 'SNOWFLAKE') {
      throw new SnowflakeError(
        '390190',
        '08001',
        `The local Snowflake does not support the authenticator ${authenticator}: it knows passwords (SNOWFLAKE) and key pairs (SNOWFLAKE_JWT).`,
      );
    }
    const user = this.userByLogin(String(data.LOGIN_NAME ?? ''));
    const password = String(data.PASSWORD ?? '');
    if (!user?.passwordHash || !(await passwordMatches(password, user.passwordHash))) {
      throw new SnowflakeError('390100', '08001', 'Incorrect username or password was specified.');
    }
    return this.requireEnabled(user);
  }

  private userByKeyPair(token: string): User {
    const subject = String(tokenClaims(token).sub ?? '');
    const user = this.userByLogin(subject.slice(subject.indexOf('.') + 1));
    const keys = [user?.rsaPublicKey, user?.rsaPublicKey2].filter((key) => key !== undefined);
    if (!user || keys.length === 0) throw new SnowflakeError('390144', '08001', 'JWT token is invalid.');
    const errors = keys.map((publicKey) =>
      keyPairTokenError(
        token,
        { account: this.account.name, name: user.loginName, publicKey },
        this.account.clock.now(),
      ),
    );
    if (errors.every((error) => error !== undefined)) throw new SnowflakeError('390144', '08001', errors[0]!);
    return this.requireEnabled(user);
  }

  /** A policy holds for sessions that are open as well; docs: user-guide/network-policies. */
  private requireAllowed(user: User, address: string): void {
    const policy = this.account.catalog.list('NETWORK POLICY').find(({ id }) => id === user.networkPolicy);
    if (!policy || isAllowed(policy, address)) return;
    throw new SnowflakeError(
      '390422',
      '08001',
      `Incoming request with IP/Token ${address} is not allowed to access Snowflake. Contact your account administrator.`,
    );
  }

  private requireEnabled(user: User): User {
    if (!user.disabled) return user;
    throw new SnowflakeError(
      '390101',
      '08001',
      'User access disabled. Contact your local system administrator.',
    );
  }

  private userByLogin(name: string): User | undefined {
    return this.account.catalog.list('USER').find((user) => user.loginName === name.toUpperCase());
  }

  private role(user: User, query: URLSearchParams): string {
    const asked = foldName(query.get('roleName'));
    if (asked && !this.account.access.mayAssume(user.name, asked)) {
      throw new SnowflakeError(
        '390189',
        '08001',
        `Role '${asked}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.`,
      );
    }
    if (asked) return asked;
    const own = user.defaultRole;
    return own && this.account.access.mayAssume(user.name, own) ? own : 'PUBLIC';
  }

  /**
   * Database, schema and warehouse of the connect string or the user; what does not exist is left out.
   * @throws SnowflakeError 390201 for what the client asked for by name and wants to be sure of
   */
  private place(session: Session, user: User, query: URLSearchParams, strict: boolean): void {
    const { catalog, access } = this.account;
    const visible = <T extends CatalogObject>(
      what: string,
      asked: string | undefined,
      found: T | undefined,
    ) => {
      if (found && access.visible(session, found)) return found;
      if (!strict || asked === undefined) return undefined;
      throw new SnowflakeError('390201', '08004', `The requested ${what} does not exist or not authorized.`);
    };
    const [ownDatabase, ownSchema] = (user.defaultNamespace ?? '').split('.');
    const askedDatabase = foldName(query.get('databaseName'));
    const databaseName = askedDatabase ?? ownDatabase;
    const database = visible(
      'database',
      askedDatabase,
      databaseName ? catalog.find('DATABASE', [databaseName], session) : undefined,
    );
    session.database = database?.name;
    const askedSchema = foldName(query.get('schemaName'));
    const schemaName = askedSchema ?? (databaseName === ownDatabase ? ownSchema : undefined);
    session.schema = visible(
      'schema',
      askedSchema,
      schemaNamed({ account: this.account, session }, [database?.name, schemaName]),
    )?.name;
    const askedWarehouse = foldName(query.get('warehouse'));
    const warehouseName = askedWarehouse ?? user.defaultWarehouse;
    session.warehouse = visible(
      'warehouse',
      askedWarehouse,
      warehouseName ? catalog.find('WAREHOUSE', [warehouseName], session) : undefined,
    )?.name;
  }

  private newToken() {
    return {
      token: randomBytes(48).toString('base64url'),
      tokenExpires: this.account.clock.now() + SESSION_SECONDS * 1000,
    };
  }

  private newMaster() {
    return {
      master: randomBytes(48).toString('base64url'),
      masterExpires: this.account.clock.now() + MASTER_SECONDS * 1000,
    };
  }
}

/** Every parameter with its value in this session, as responses carry them. */
export function parameterList(session: Session): { name: string; value: ParameterValue }[] {
  const list = Object.keys(SESSION_PARAMETERS).map((name) => ({ name, value: session.parameter(name) }));
  for (const [name, value] of Object.entries(SERVER_PARAMETERS)) list.push({ name, value });
  return list;
}

/**
 * The session parameter by which a client asks for a result's format. Programs that use the Python connector send a
 * name of their own, so that they are known by what runs them.
 */
function formatParameterOf(data: Record<string, unknown>): string | undefined {
  if (data.CLIENT_APP_ID === 'JDBC') return 'JDBC_QUERY_RESULT_FORMAT';
  if (data.CLIENT_APP_ID === 'Go') return 'GO_QUERY_RESULT_FORMAT';
  const environment = (data.CLIENT_ENVIRONMENT ?? {}) as Record<string, unknown>;
  return environment.PYTHON_VERSION === undefined ? undefined : 'PYTHON_CONNECTOR_QUERY_RESULT_FORMAT';
}

function tokenOf(authorization: string | undefined): string {
  return /Token="([^"]*)"/.exec(authorization ?? '')?.[1] ?? '';
}

/** A name from a connect string: upper-case unless quoted. */
function foldName(name: string | null): string | undefined {
  if (!name) return undefined;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toUpperCase();
}
