// IAM: customer managed policies and their versions.
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import { type ManagedPolicy, uniqueId } from '../identity/principals.js';
import type { XmlNode } from '../xml.js';
import type { IamCall, IamOperation } from './service.js';
import {
  checkName,
  checkPath,
  checkSize,
  encodeDocument,
  findManagedPolicy,
  iso,
  noSuchEntity,
  pageItems,
  tagList,
  writePage,
} from './shared.js';

/** The caller's policy, once the operation on it is allowed. */
function requirePolicy(call: IamCall): ManagedPolicy {
  const arn = call.parameters.need('PolicyArn');
  call.authorize(arn);
  const policy = findManagedPolicy(call, arn);
  if (!policy)
    throw new AwsError('NotImplemented', `The local IAM does not describe AWS's own policy ${arn}.`, 501);
  return policy;
}

function describe(call: IamCall, policy: ManagedPolicy, tags = true): XmlNode {
  const holders = call.context.accounts.holdersOf(policy.arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.versions.find((version) => version.isDefault)?.id,
    AttachmentCount: holders.filter(({ attached }) => attached.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: holders.filter(({ boundary }) => boundary === policy.arn).length,
    IsAttachable: true,
    ...(tags && { Description: policy.description }),
    CreateDate: iso(policy.created),
    UpdateDate: iso(policy.updated),
    ...(tags && Object.keys(policy.tags).length > 0 && { Tags: tagList(policy.tags) }),
  };
}

const describeVersion = (version: ManagedPolicy['versions'][number], document: boolean): XmlNode => ({
  ...(document && { Document: encodeDocument(version.document) }),
  VersionId: version.id,
  IsDefaultVersion: version.isDefault,
  CreateDate: iso(version.created),
});

/** Applies a change of a policy's default document to all that have it attached. */
function changeDocument(call: IamCall, policy: ManagedPolicy, apply: () => void): void {
  const { accounts, clock } = call.context;
  policy.updated = clock.now();
  // Each of them goes on with the document it had until the change has spread.
  const all = accounts.holdersOf(policy.arn);
  const step = (i: number): void => {
    const principal = all[i];
    if (principal) accounts.change(principal, () => step(i + 1));
    else apply();
  };
  step(0);
  accounts.save();
}

export const policyOperations: Record<string, IamOperation> = {
  CreatePolicy(call) {
    const { parameters, account, context } = call;
    const name = checkName('policyName', parameters.need('PolicyName'), 128);
    const path = checkPath(parameters.get('Path'));
    const arn = `arn:aws:iam::${account.id}:policy${path}${name}`;
    call.authorize(arn);
    const document = parameters.need('PolicyDocument');
    parsePolicy(document, 'identity');
    checkSize('PolicySize', document);
    if (account.policies[name])
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    const now = context.clock.now();
    const description = parameters.get('Description');
    const policy: ManagedPolicy = {
      name,
      path,
      id: uniqueId('ANPA'),
      arn,
      ...(description !== undefined && { description }),
      created: now,
      updated: now,
      tags: parameters.tags(),
      versions: [{ id: 'v1', document, created: now, isDefault: true }],
      nextVersion: 2,
    };
    account.policies[name] = policy;
    context.accounts.save();
    return { Policy: describe(call, policy) };
  },

  GetPolicy: (call) => ({ Policy: describe(call, requirePolicy(call)) }),

  ListPolicies(call) {
    call.authorize('*');
    const policies = call.parameters.get('Scope') === 'AWS' ? [] : pageItems(call, call.account.policies);
    return writePage(call, policies, 'Policies', (policy) => describe(call, policy, false));
  },

  DeletePolicy(call) {
    const policy = requirePolicy(call);
    if (call.context.accounts.holdersOf(policy.arn).length > 0)
      throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    if (policy.versions.length > 1)
      throw new AwsError(
        'DeleteConflict',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        409,
      );
    delete call.account.policies[policy.name];
    call.context.accounts.save();
    return undefined;
  },

  CreatePolicyVersion(call) {
    const policy = requirePolicy(call);
    const document = call.parameters.need('PolicyDocument');
    parsePolicy(document, 'identity');
    checkSize('PolicySize', document);
    if (policy.versions.length >= 5)
      throw new AwsError(
        'LimitExceeded',
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
        409,
      );
    const isDefault = call.parameters.get('SetAsDefault') === 'true';
    const version = { id: `v${policy.nextVersion}`, document, created: call.context.clock.now(), isDefault };
    changeDocument(call, policy, () => {
      if (isDefault) for (const other of policy.versions) other.isDefault = false;
      policy.versions.push(version);
      policy.nextVersion += 1;
    });
    return { PolicyVersion: describeVersion(version, false) };
  },

  GetPolicyVersion(call) {
    const policy = requirePolicy(call);
    return { PolicyVersion: describeVersion(findVersion(call, policy), true) };
  },

  SetDefaultPolicyVersion(call) {
    const policy = requirePolicy(call);
    const version = findVersion(call, policy);
    changeDocument(call, policy, () => {
      for (const other of policy.versions) other.isDefault = other === version;
    });
    return undefined;
  },

  ListPolicyVersions(call) {
    const policy = requirePolicy(call);
    return writePage(call, [...policy.versions].reverse(), 'Versions', (version) =>
      describeVersion(version, false),
    );
  },

  DeletePolicyVersion(call) {
    const policy = requirePolicy(call);
    const version = findVersion(call, policy);
    if (version.isDefault)
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
    policy.versions = policy.versions.filter((other) => other !== version);
    call.context.accounts.save();
    return undefined;
  },
};

function findVersion(call: IamCall, policy: ManagedPolicy): ManagedPolicy['versions'][number] {
  const id = call.parameters.need('VersionId');
  const version = policy.versions.find((other) => other.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}
