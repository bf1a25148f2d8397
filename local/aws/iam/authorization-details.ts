// IAM: everything that an account's roles may do, in one answer.
import { featureError } from '../errors.js';
import { attachmentNode } from './principal-policies.js';
import { roleHead } from './roles.js';
import type { IamOperation } from './service.js';
import { encodeDocument, pageItems, tagList, writePage } from './shared.js';

export const authorizationDetailOperations: Record<string, IamOperation> = {
  GetAccountAuthorizationDetails(call) {
    call.authorize('*');
    const filter = call.parameters.list('Filter');
    if (filter.length !== 1 || filter[0] !== 'Role')
      throw featureError(
        'IAM',
        'GetAccountAuthorizationDetails of users, groups and policies',
        'Filter by Role.',
      );
    return writePage(call, pageItems(call, call.account.roles), 'RoleDetailList', (role) => ({
      ...roleHead(role),
      InstanceProfileList: {},
      RolePolicyList: {
        member: Object.entries(role.inline).map(([PolicyName, document]) => ({
          PolicyName,
          PolicyDocument: encodeDocument(document),
        })),
      },
      AttachedManagedPolicies: { member: role.attached.map(attachmentNode) },
      Tags: tagList(role.tags),
      RoleLastUsed: {},
    }));
  },
};
