import { basename } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output.js';
import { addOutputOptions } from '../plan-options.js';

interface ContractFlags {
  out?: string;
  name?: string;
  schema?: string;
  documents?: string[];
  revealValues?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function registerContract(program: Command): void {
  const contract = program.command('contract').description('look at a contract of documents, or make one of a contract of before');
  const check = contract.command('check').description('say everything that is wrong with a contract').argument('<file>', 'contract, YAML or JSON');
  addOutputOptions(check).action(checkContract);
  const explain = contract.command('explain').description('say in words what a contract does').argument('<file>', 'contract, YAML or JSON');
  addOutputOptions(explain).action(explainFile);
  const lint = contract
    .command('lint')
    .description('say what is allowed in a contract, and probably not meant')
    .argument('<file>', 'contract, YAML or JSON');
  lint
    .option('--documents <path...>', 'try its expressions on these documents, and say where both dialects differ')
    .option('--reveal-values', 'show values of documents, which are personal');
  addOutputOptions(lint).action(lintFile);
  const ddl = contract.command('ddl').description('print the statements that make its tables').argument('<file>', 'contract, YAML or JSON');
  addOutputOptions(ddl.option('--schema <name>', "schema instead of the contract's")).action(printDdl);
  const importing = contract
    .command('import')
    .description('make a contract of one of before (JSON), and say which of its quirks were turned on')
    .argument('<file>', 'contract of before, JSON')
    .option('--name <name>', "the new contract's name (default: that of the file)")
    .option('--out <file>', 'file to write: .yaml, .yml or .json (default: JSON on standard output)');
  addOutputOptions(importing).action(importFile);
}

async function checkContract(file: string, flags: ContractFlags): Promise<void> {
  const output = new Output(flags);
  const [{ contractProblems }, { readContractText }, { renderProblems }] = await Promise.all([
    import('../../addon.js'),
    import('../../documents/index.js'),
    import('../render/contract.js'),
  ]);
  const problems = await contractProblems(await readContractText(file));
  output.result({ problems }, () => (problems.length === 0 ? `${file} is sound` : renderProblems(file, problems)));
  if (problems.length > 0) process.exitCode = EXIT.failed;
}

async function explainFile(file: string, flags: ContractFlags): Promise<void> {
  const [{ explainContract }, { readContractText }] = await Promise.all([import('../../addon.js'), import('../../documents/index.js')]);
  const explanation = await explainContract(await readContractText(file));
  new Output(flags).result({ explanation }, () => explanation.trimEnd());
}

async function lintFile(file: string, flags: ContractFlags): Promise<void> {
  const [{ lintContract }, { compareExpressionsOn, readContractText }, { renderDifferences, renderWarnings }] = await Promise.all([
    import('../../addon.js'),
    import('../../documents/index.js'),
    import('../render/contract.js'),
  ]);
  const warnings = await lintContract(await readContractText(file));
  const compared = { contract: file, source: flags.documents ?? [], revealValues: flags.revealValues ?? false };
  const differences = flags.documents ? await compareExpressionsOn(compared) : [];
  new Output(flags).result({ warnings, differences }, () => [renderWarnings(file, warnings), ...renderDifferences(differences)].join('\n'));
  if (warnings.length + differences.length > 0) process.exitCode = EXIT.failed;
}

async function printDdl(file: string, flags: ContractFlags): Promise<void> {
  const [{ contractDdl }, { readContractText }] = await Promise.all([import('../../addon.js'), import('../../documents/index.js')]);
  const statements = await contractDdl(await readContractText(file), flags.schema ?? null);
  new Output(flags).result({ statements }, () => `${statements.join(';\n')};`);
}

async function importFile(file: string, flags: ContractFlags): Promise<void> {
  const output = new Output(flags);
  const [{ importContract }, { readContractText, writeContract }, { renderImported, renderProblems }] = await Promise.all([
    import('../../addon.js'),
    import('../../documents/index.js'),
    import('../render/contract.js'),
  ]);
  const name = flags.name ?? basename(file).replace(/\.[^.]*$/, '');
  const imported = await importContract(await readContractText(file), name);
  const { text } = imported;
  if (text !== null && flags.out === undefined) {
    for (const line of renderImported(imported).split('\n')) output.note(line);
    output.result(imported, () => text.trimEnd());
    return;
  }
  if (text !== null && flags.out !== undefined) await writeContract(flags.out, text);
  output.result(imported, () => (text === null ? renderProblems(file, imported.problems) : `${flags.out}\n${renderImported(imported)}`));
  if (!imported.contract) process.exitCode = EXIT.failed;
}
