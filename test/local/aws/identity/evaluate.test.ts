import { arnMatches, wildcardMatches } from '@local-cloud/aws/identity/arn.js';
import { decide } from '@local-cloud/aws/identity/evaluate.js';
import { parsePolicy } from '@local-cloud/aws/identity/policy.js';
import type { Identity } from '@local-cloud/aws/service.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { policy } from '../support.js';

const user: Identity = {
  kind: 'user',
  accountId: '111111111111',
  arn: 'arn:aws:iam::111111111111:user/u',
  principalArn: 'arn:aws:iam::111111111111:user/u',
  userId: 'AIDA1',
};
const session: Identity = {
  kind: 'role',
  accountId: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/r/s',
  principalArn: 'arn:aws:iam::111111111111:role/r',
  userId: 'AROA1:s',
};

interface Case {
  identity?: Identity;
  action?: string;
  resource?: string;
  own?: object[];
  theirs?: object[];
  boundary?: object[];
  account?: string;
  keys?: Record<string, string>;
}

function allowed(given: Case): boolean {
  const {
    identity = user,
    action = 's3:GetObject',
    resource = 'arn:aws:s3:::b/k',
    account = '111111111111',
  } = given;
  const context = new Map(Object.entries(given.keys ?? {}).map(([k, v]) => [k.toLowerCase(), [v]]));
  return decide(
    { identity, action, resource, context },
    {
      documents: given.own ? [parsePolicy(policy(...given.own), 'identity')] : [],
      ...(given.boundary && { boundary: parsePolicy(policy(...given.boundary), 'identity') }),
    },
    { account, policy: given.theirs && parsePolicy(policy(...given.theirs), 'resource') },
  ).allowed;
}

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });

describe('policy evaluation', () => {
  // IAM User Guide, "IAM policy elements: Variables and tags": ${*}, ${?} and ${$} stand for the characters themselves.
  it('takes the variables of wildcards for the characters', () => {
    const own = [allow({ Resource: 'arn:aws:s3:::b/${*}' })];
    expect(allowed({ own, resource: 'arn:aws:s3:::b/*' })).to.equal(true);
    for (const resource of ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/**', 'arn:aws:s3:::b/'])
      expect(allowed({ own, resource }), resource).to.equal(false);
    const like = (operator: string) => [allow({ Condition: { [operator]: { 'aws:username': 'a${?}*' } } })];
    const keys = (name: string) => ({ keys: { 'aws:username': name } });
    expect(allowed({ own: like('StringLike'), ...keys('a?b') })).to.equal(true);
    expect(allowed({ own: like('StringLike'), ...keys('axb') })).to.equal(false);
    expect(allowed({ own: like('StringEquals'), ...keys('a?*') })).to.equal(true);
  });

  it('denies without any allow, and lets an explicit deny win', () => {
    expect(allowed({})).to.equal(false);
    expect(allowed({ own: [allow()] })).to.equal(true);
    expect(allowed({ own: [allow(), { Effect: 'Deny', Action: 's3:*', Resource: '*' }] })).to.equal(false);
    expect(
      allowed({
        own: [allow()],
        theirs: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }],
      }),
    ).to.equal(false);
  });

  it('takes actions without regard to case, resources with', () => {
    expect(allowed({ own: [allow({ Action: 'S3:getobject' })] })).to.equal(true);
    expect(allowed({ own: [allow({ Resource: 'arn:aws:s3:::B/*' })] })).to.equal(false);
    expect(allowed({ own: [allow({ Resource: 'arn:aws:s3:::b/*' })] })).to.equal(true);
  });

  it('understands NotAction and NotResource', () => {
    expect(allowed({ own: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] })).to.equal(true);
    expect(allowed({ own: [{ Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' }] })).to.equal(false);
    expect(allowed({ own: [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/*' }] })).to.equal(
      false,
    );
  });

  it('lets either side allow within an account, and needs both across accounts', () => {
    const theirs = [{ Effect: 'Allow', Principal: { AWS: user.arn }, Action: 's3:*', Resource: '*' }];
    expect(allowed({ theirs })).to.equal(true);
    expect(allowed({ theirs, account: '222222222222' })).to.equal(false);
    expect(allowed({ own: [allow()], account: '222222222222' })).to.equal(false);
    expect(allowed({ own: [allow()], theirs, account: '222222222222' })).to.equal(true);
  });

  it('leaves a grant to a whole account to that account’s policies', () => {
    const theirs = [{ Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 's3:*', Resource: '*' }];
    expect(allowed({ theirs })).to.equal(false);
    expect(allowed({ theirs, own: [allow()], account: '222222222222' })).to.equal(true);
  });

  it('knows a session by its own ARN and by its role’s', () => {
    for (const AWS of [session.arn, session.principalArn])
      expect(
        allowed({
          identity: session,
          theirs: [{ Effect: 'Allow', Principal: { AWS }, Action: '*', Resource: '*' }],
        }),
      ).to.equal(true);
    const other = session.arn.replace(/s$/, 'other');
    expect(
      allowed({
        identity: session,
        theirs: [{ Effect: 'Allow', Principal: { AWS: other }, Action: '*', Resource: '*' }],
      }),
    ).to.equal(false);
  });

  const conditions: [string, object, Record<string, string>, boolean][] = [
    ['StringEquals', { StringEquals: { 'sts:ExternalId': 'a' } }, { 'sts:ExternalId': 'a' }, true],
    [
      'StringEquals with another value',
      { StringEquals: { 'sts:ExternalId': 'a' } },
      { 'sts:ExternalId': 'b' },
      false,
    ],
    ['StringEquals without the key', { StringEquals: { 'sts:ExternalId': 'a' } }, {}, false],
    ['StringNotEquals without the key', { StringNotEquals: { 'sts:ExternalId': 'a' } }, {}, true],
    ['StringLike', { StringLike: { 's3:prefix': ['x/*', 'load/*'] } }, { 's3:prefix': 'load/1' }, true],
    ['StringLikeIfExists without the key', { StringLikeIfExists: { 's3:prefix': 'x' } }, {}, true],
    [
      'ArnLike',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:b*' } },
      { 'aws:SourceArn': 'arn:aws:s3:::bucket' },
      true,
    ],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
    ['Null', { Null: { 'sts:ExternalId': 'true' } }, {}, true],
    ['NumericLessThan', { NumericLessThan: { 's3:max-keys': '10' } }, { 's3:max-keys': '9' }, true],
    [
      'DateGreaterThan',
      { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
      { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
      false,
    ],
    ['IpAddress', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, { 'aws:SourceIp': '127.0.0.1' }, true],
    ['two keys, one of them wrong', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
  ];
  for (const [name, Condition, keys, expected] of conditions)
    it(`${expected ? 'holds' : 'does not hold'}: ${name}`, () => {
      expect(allowed({ own: [allow({ Condition })], keys })).to.equal(expected);
    });

  it('bounds what policies of the identity allow, and what a resource allows to its role', () => {
    const boundary = [allow({ Resource: 'arn:aws:s3:::b/*' })];
    const elsewhere = 'arn:aws:s3:::c/k';
    expect(allowed({ boundary })).to.equal(false);
    expect(allowed({ own: [allow()], boundary })).to.equal(true);
    expect(allowed({ own: [allow()], boundary, resource: elsewhere })).to.equal(false);
    expect(allowed({ own: [allow()], boundary: [allow(), { ...allow(), Effect: 'Deny' }] })).to.equal(false);
    const grant = (AWS: string) => [allow({ Principal: { AWS } })];
    const asked = { boundary, resource: elsewhere, identity: session };
    expect(allowed({ ...asked, theirs: grant(session.principalArn) })).to.equal(false);
    expect(allowed({ ...asked, theirs: grant(session.arn) })).to.equal(true);
    expect(allowed({ ...asked, identity: user, theirs: grant(user.arn) })).to.equal(true);
  });

  it('fills in policy variables', () => {
    const own = [allow({ Resource: 'arn:aws:s3:::b/${aws:username}/*' })];
    expect(allowed({ own, resource: 'arn:aws:s3:::b/u/k', keys: { 'aws:username': 'u' } })).to.equal(true);
    expect(allowed({ own, resource: 'arn:aws:s3:::b/x/k', keys: { 'aws:username': 'u' } })).to.equal(false);
  });

  it('matches wildcards as a plain recursive matcher does', () => {
    const naive = (p: string, t: string): boolean =>
      p === ''
        ? t === ''
        : p[0] === '*'
          ? naive(p.slice(1), t) || (t !== '' && naive(p, t.slice(1)))
          : t !== '' && (p[0] === '?' || p[0] === t[0]) && naive(p.slice(1), t.slice(1));
    const letters = (more: string[]) =>
      fc.array(fc.constantFrom('a', 'b', '.', ':', '(', ...more), { maxLength: 8 });
    fc.assert(
      fc.property(letters(['*', '?']), letters([]), (pattern, text) => {
        expect(wildcardMatches(pattern.join(''), text.join(''))).to.equal(
          naive(pattern.join(''), text.join('')),
        );
      }),
    );
  });

  it('keeps a wildcard within its part of an ARN', () => {
    expect(arnMatches('arn:aws:s3:*:b', 'arn:aws:s3:::b')).to.equal(false);
    expect(arnMatches('arn:aws:iam::*:role/x', 'arn:aws:iam::123456789012:role/x')).to.equal(true);
    expect(arnMatches('arn:aws:execute-api:*:*:a/*/POST/*', 'arn:aws:execute-api:r:1:a/s/POST/x/y')).to.equal(
      true,
    );
  });
});

describe('policy documents', () => {
  const bad: [string, 'identity' | 'trust' | 'resource', string, RegExp][] = [
    ['no JSON', 'identity', '{', /invalid Json/],
    ['no statement', 'identity', '{"Version":"2012-10-17"}', /Syntax errors/],
    ['an old version', 'identity', JSON.stringify({ Statement: [allow()] }), /2012-10-17/],
    ['a wrong effect', 'identity', policy(allow({ Effect: 'allow' })), /Syntax errors/],
    ['an unknown element', 'identity', policy(allow({ Ressource: '*' })), /Syntax errors/],
    ['no action', 'identity', policy({ Effect: 'Allow', Resource: '*' }), /must contain actions/],
    [
      'an action without a service',
      'identity',
      policy(allow({ Action: 'GetObject' })),
      /prefaced by a vendor/,
    ],
    ['no resource', 'identity', policy({ Effect: 'Allow', Action: 's3:*' }), /must contain resources/],
    ['a resource that is no ARN', 'identity', policy(allow({ Resource: 'bucket' })), /must be in ARN format/],
    [
      'a principal in an identity policy',
      'identity',
      policy(allow({ Principal: '*' })),
      /should not specify a principal/,
    ],
    [
      'a resource in a trust policy',
      'trust',
      policy({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }),
      /prohibited field Resource/,
    ],
    [
      'another action in a trust policy',
      'trust',
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }),
      /AssumeRole/,
    ],
    ['no principal in a resource policy', 'resource', policy(allow()), /required field Principal/],
    [
      'an unknown operator',
      'identity',
      policy(allow({ Condition: { StringEqual: { a: 'b' } } })),
      /Invalid Condition type/,
    ],
    ['a repeated Sid', 'identity', policy(allow({ Sid: 'A' }), allow({ Sid: 'A' })), /unique/],
  ];
  for (const [name, kind, text, message] of bad)
    it(`refuses ${name}`, () => {
      expect(() => parsePolicy(text, kind))
        .to.throw(message)
        .with.property('code', 'MalformedPolicyDocument');
    });
});
