// IAM: everything that an account's roles may do, in one answer.
import { notSupported } from '../errors.js';
import { attachedPolicy } from './principal-policies.js';
import { roleHead } from './roles.js';
import type { IamOperation } from './service.js';
import { encodeDocument, listed, paged, tagList } from './shared.js';

export const authorizationDetailOperations: Record<string, IamOperation> = {
  GetAccountAuthorizationDetails(call) {
    call.authorize('*');
    const filter = call.parameters.list('Filter');
    if (filter.length !== 1 || filter[0] !== 'Role')
      throw notSupported(
        'IAM',
        'GetAccountAuthorizationDetails of users, groups and policies',
        'Filter by Role.',
      );
    return paged(call, listed(call, call.account.roles), 'RoleDetailList', (role) => ({
      ...roleHead(role),
      InstanceProfileList: {},
      RolePolicyList: {
        member: Object.entries(role.inline).map(([PolicyName, document]) => ({
          PolicyName,
          PolicyDocument: encodeDocument(document),
        })),
      },
      AttachedManagedPolicies: { member: role.attached.map(attachedPolicy) },
      Tags: tagList(role.tags),
      RoleLastUsed: {},
    }));
  },
};
