// IAM: the parameters that each operation acts on here. Others are refused: nothing is accepted and ignored.

const PAGING = ['MaxItems', 'Marker'];

/** Those of the operations on a role's or user's policies. */
function ofPolicies(kind: 'Role' | 'User'): Record<string, readonly string[]> {
  const name = `${kind}Name`;
  return {
    [`Put${kind}Policy`]: [name, 'PolicyName', 'PolicyDocument'],
    [`Get${kind}Policy`]: [name, 'PolicyName'],
    [`Delete${kind}Policy`]: [name, 'PolicyName'],
    [`List${kind}Policies`]: [name, ...PAGING],
    [`Attach${kind}Policy`]: [name, 'PolicyArn'],
    [`Detach${kind}Policy`]: [name, 'PolicyArn'],
    [`ListAttached${kind}Policies`]: [name, ...PAGING],
    [`Put${kind}PermissionsBoundary`]: [name, 'PermissionsBoundary'],
    [`Delete${kind}PermissionsBoundary`]: [name],
  };
}

/** By operation. */
export const PARAMETERS: Record<string, readonly string[]> = {
  CreateRole: [
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Description',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Tags',
  ],
  GetRole: ['RoleName'],
  ListRoles: ['PathPrefix', ...PAGING],
  UpdateRole: ['RoleName', 'Description', 'MaxSessionDuration'],
  UpdateAssumeRolePolicy: ['RoleName', 'PolicyDocument'],
  DeleteRole: ['RoleName'],
  TagRole: ['RoleName', 'Tags'],
  UntagRole: ['RoleName', 'TagKeys'],
  ListRoleTags: ['RoleName', ...PAGING],
  ...ofPolicies('Role'),

  CreateUser: ['UserName', 'Path', 'Tags'],
  GetUser: ['UserName'],
  ListUsers: ['PathPrefix', ...PAGING],
  DeleteUser: ['UserName'],
  CreateAccessKey: ['UserName'],
  ListAccessKeys: ['UserName', ...PAGING],
  DeleteAccessKey: ['UserName', 'AccessKeyId'],
  ...ofPolicies('User'),

  CreatePolicy: ['PolicyName', 'Path', 'PolicyDocument', 'Description', 'Tags'],
  GetPolicy: ['PolicyArn'],
  ListPolicies: ['Scope', 'PathPrefix', ...PAGING],
  DeletePolicy: ['PolicyArn'],
  CreatePolicyVersion: ['PolicyArn', 'PolicyDocument', 'SetAsDefault'],
  GetPolicyVersion: ['PolicyArn', 'VersionId'],
  SetDefaultPolicyVersion: ['PolicyArn', 'VersionId'],
  ListPolicyVersions: ['PolicyArn', ...PAGING],
  DeletePolicyVersion: ['PolicyArn', 'VersionId'],

  GetAccountAuthorizationDetails: ['Filter', ...PAGING],
};
