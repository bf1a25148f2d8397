// IAM: roles and their trust.
import { type Role, uniqueId } from '../identity/principals.js';
import type { XmlNode } from '../xml.js';
import {
  boundaryNode,
  policyOperationsOf,
  requireNoPolicies,
  requirePermission,
} from './principal-policies.js';
import type { IamCall, IamOperation } from './service.js';
import {
  checkName,
  checkPath,
  checkTrust,
  encodeDocument,
  findManagedPolicy,
  iso,
  noSuchEntity,
  pageItems,
  requireFree,
  tagList,
  writePage,
} from './shared.js';

function findRole(call: IamCall): Role {
  const name = checkName('roleName', call.parameters.need('RoleName'), 64);
  const role = call.account.roles[name];
  if (!role) {
    // A caller without the right to ask learns nothing about what exists.
    call.authorize(`arn:aws:iam::${call.account.id}:role/${name}`);
    throw noSuchEntity(`The role with name ${name} cannot be found.`);
  }
  return role;
}

const allowedRole = requirePermission(findRole);

/** What every answer says of a role. */
export const roleHead = (role: Role): { [name: string]: XmlNode } => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: iso(role.created),
  AssumeRolePolicyDocument: encodeDocument(role.trust),
});

function describe(role: Role, tags = true): XmlNode {
  return {
    ...roleHead(role),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(tags && boundaryNode(role)),
    ...(tags && Object.keys(role.tags).length > 0 && { Tags: tagList(role.tags) }),
    ...(tags && { RoleLastUsed: {} }),
  };
}

export const roleOperations: Record<string, IamOperation> = {
  CreateRole(call) {
    const { parameters, account, context } = call;
    const name = checkName('roleName', parameters.need('RoleName'), 64);
    const path = checkPath(parameters.get('Path'));
    const arn = `arn:aws:iam::${account.id}:role${path}${name}`;
    const boundary = parameters.get('PermissionsBoundary');
    call.authorize(arn, boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary });
    if (boundary !== undefined) findManagedPolicy(call, boundary);
    const trust = parameters.need('AssumeRolePolicyDocument');
    checkTrust(context.accounts, trust);
    requireFree('Role', account.roles, name);
    const description = parameters.get('Description');
    const role: Role = {
      name,
      path,
      id: uniqueId('AROA'),
      arn,
      created: context.clock.now(),
      inline: {},
      attached: [],
      ...(boundary !== undefined && { boundary }),
      tags: parameters.tags(),
      ...(description !== undefined && { description }),
      maxSessionDuration: parameters.number('MaxSessionDuration', 3600, [3600, 43200]),
      trust,
    };
    context.accounts.addRole(account.id, role);
    return { Role: describe(role) };
  },

  GetRole: (call) => ({ Role: describe(allowedRole(call)) }),

  ListRoles(call) {
    call.authorize(`arn:aws:iam::${call.account.id}:role/`);
    // As in AWS, the list leaves tags out.
    return writePage(call, pageItems(call, call.account.roles), 'Roles', (role) => describe(role, false));
  },

  UpdateRole(call) {
    const role = allowedRole(call);
    role.description = call.parameters.get('Description') ?? role.description;
    role.maxSessionDuration = call.parameters.number(
      'MaxSessionDuration',
      role.maxSessionDuration,
      [3600, 43200],
    );
    call.context.accounts.save();
    return {};
  },

  UpdateAssumeRolePolicy(call) {
    const role = allowedRole(call);
    const trust = call.parameters.need('PolicyDocument');
    checkTrust(call.context.accounts, trust);
    call.context.accounts.change(role, () => {
      role.trust = trust;
    });
    return undefined;
  },

  DeleteRole(call) {
    const role = allowedRole(call);
    requireNoPolicies(role);
    delete call.account.roles[role.name];
    call.context.accounts.save();
    return undefined;
  },

  TagRole(call) {
    const tags = call.parameters.tags();
    const role = allowedRole(call, { 'aws:TagKeys': Object.keys(tags) });
    Object.assign(role.tags, tags);
    call.context.accounts.save();
    return undefined;
  },

  UntagRole(call) {
    const keys = call.parameters.list('TagKeys');
    const role = allowedRole(call, { 'aws:TagKeys': keys });
    for (const key of keys) delete role.tags[key];
    call.context.accounts.save();
    return undefined;
  },

  ListRoleTags(call) {
    const role = allowedRole(call);
    return writePage(call, Object.entries(role.tags), 'Tags', ([Key, Value]) => ({ Key, Value }));
  },

  ...policyOperationsOf('Role', findRole),
};
