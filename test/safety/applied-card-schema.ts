import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

/** CHAI's v0.2/schema.xsd (coalition-for-health-ai/mc-schema), which is not part of the repository. */
const SCHEMA =
  process.env.LOS_CHAI_SCHEMA ?? join(projectRoot, '../shared/reference/applied-model-card-v0.2.xsd');

/** Elements that the schema requires, in its order; a digit is the depth. */
const REQUIRED = `
0 AppliedModelCard 1 BasicInfo 2 ModelName 2 ModelDeveloper 2 DeveloperContact 1 ReleaseInfo 2 ReleaseStage 2 ReleaseDate
2 ReleaseVersion 2 GlobalAvailability 1 ModelSummary 2 Summary 2 Keywords 1 UsesAndDirections 2 IntendedUseAndWorkflow
2 PrimaryIntendedUsers 2 HowToUse 2 TargetedPatientPopulation 2 CautionedOutOfScopeSettings 1 Warnings
2 KnownRisksAndLimitations 2 KnownBiasesOrEthicalConsiderations 2 ClinicalRiskLevel 1 TrustIngredients 2 AISystemFacts
3 OutcomesAndOutputs 3 ModelType 3 InputDataSource 3 OutputAndInputDataTypes 3 DevelopmentDataCharacterization
3 BiasMitigationApproaches 3 OngoingMaintenance 2 TransparencyInformation 3 FundingSource 3 StakeholdersConsulted
1 KeyMetrics ${['UsefulnessUsabilityEfficacy', 'FairnessEquity', 'SafetyReliability']
  .map(
    (name) =>
      `2 ${name} 3 MetricGoal 3 Results 3 Interpretation 3 TestType 3 TestingDataDescription 3 ValidationProcessAndJustification`,
  )
  .join(' ')}
1 Resources 2 PeerReviewedPublications 2 PatientConsentOrDisclosure 1 Bibliography`;

/** Elements that may be left out, or stand below a required one any number of times. */
const OPTIONAL =
  /^\d (EHRCompatibility|EHR|RegulatoryApproval|Keyword|FoundationModels|Security|Transparency|ThirdPartyInformation|MetricResult|Label|ValueJson|EvaluationReferences|ClinicalTrial|ReimbursementStatus)$/;

/** Holds a card to CHAI's schema: its required elements in their order, and by xmllint where that and the schema are here. */
export function expectApplied(xml: string): void {
  let depth = 0;
  const elements = [...xml.matchAll(/<(\/?)([A-Z]\w*)[^>]*>/g)].flatMap(([, closes, name]) => {
    if (closes) {
      depth--;
      return [];
    }
    return [`${depth++} ${name}`];
  });
  expect(depth).to.equal(0);
  expect(elements.filter((element) => !OPTIONAL.test(element)).join(' ')).to.equal(
    REQUIRED.trim().replace(/\s+/g, ' '),
  );
  if (existsSync(SCHEMA) && spawnSync('xmllint', ['--version']).error === undefined) expectValid(xml);
  else console.log(`not looked at by xmllint: it or ${SCHEMA} is not here`);
}

/** The schema imports that of signatures from the web; a card has none, so an element of that name is enough. */
function expectValid(xml: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'los-card-'));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    write(
      'signature.xsd',
      '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#"><xs:element name="Signature"/></xs:schema>',
    );
    const schema = readFileSync(SCHEMA, 'utf8').replace(
      /schemaLocation="[^"]*xmldsig[^"]*"/,
      'schemaLocation="signature.xsd"',
    );
    const { status, stderr } = spawnSync(
      'xmllint',
      ['--nonet', '--noout', '--schema', write('schema.xsd', schema), write('card.xml', xml)],
      { encoding: 'utf8' },
    );
    expect(status, stderr).to.equal(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
