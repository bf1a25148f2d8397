import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { projectRoot } from '../project.js';

/** Tag that this release was tested with. */
const TAG = '3.2-0';

/**
 * URI of SageMaker's built-in XGBoost image.
 * @param region AWS region; the registry's account differs by region (image-accounts.json has the source)
 */
export function xgboostImage(region: string): string {
  return `${imageRegistry(region)}.dkr.ecr.${region}.amazonaws.com/sagemaker-xgboost:${TAG}`;
}

/** The account of AWS whose registry has the image in a region. */
export function imageRegistry(region: string): string {
  const accounts = imageAccounts();
  const account = accounts[region];
  if (!account)
    throw new UserError(
      `SageMaker's XGBoost image is not published in region ${region}, as far as we know.`,
      {
        next: `Choose one of ${Object.keys(accounts).join(', ')} as aws.region.`,
      },
    );
  return account;
}

/** Regions of AWS in which SageMaker's images are published. */
export function imageRegions(): string[] {
  return Object.keys(imageAccounts());
}

function imageAccounts(): Readonly<Record<string, string>> {
  const file = join(projectRoot, 'deploy', 'model', 'image-accounts.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { accounts: Record<string, string> }).accounts;
}
