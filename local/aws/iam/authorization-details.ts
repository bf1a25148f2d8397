// IAM: everything that an account's roles may do, in one answer.
import { notSupported } from '../errors.js';
import type { IamOperation } from './service.js';
import { encodeDocument, iso, paged, tagList } from './shared.js';

export const authorizationDetailOperations: Record<string, IamOperation> = {
  GetAccountAuthorizationDetails(call) {
    call.parameters.only('GetAccountAuthorizationDetails', ['Filter', 'MaxItems', 'Marker']);
    call.authorize('*');
    const filter = call.parameters.list('Filter');
    if (filter.length !== 1 || filter[0] !== 'Role')
      throw notSupported(
        'IAM',
        'GetAccountAuthorizationDetails of users, groups and policies',
        'Filter by Role.',
      );
    const roles = Object.values(call.account.roles).sort((a, b) => (a.name < b.name ? -1 : 1));
    return paged(call, roles, 'RoleDetailList', (role) => ({
      Path: role.path,
      RoleName: role.name,
      RoleId: role.id,
      Arn: role.arn,
      CreateDate: iso(role.created),
      AssumeRolePolicyDocument: encodeDocument(role.trust),
      InstanceProfileList: {},
      RolePolicyList: {
        member: Object.entries(role.inline).map(([PolicyName, document]) => ({
          PolicyName,
          PolicyDocument: encodeDocument(document),
        })),
      },
      AttachedManagedPolicies: {
        member: role.attached.map((arn) => ({
          PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
          PolicyArn: arn,
        })),
      },
      Tags: tagList(role.tags),
      RoleLastUsed: {},
    }));
  },
};
