import type { Command } from 'commander';
import type { PipelineDescription } from '../../addon.js';
import { RowmillError } from '../../errors.js';
import type { TemplateOptions } from '../../plan/plan-template.js';
import { PIPELINES } from '../flags.js';
import { Output } from '../output.js';
import { addOutputOptions, addPlanOptions, type PlanOptions, pipelineNamed, toPlanRequest } from '../plan-options.js';

interface ConfigFlags extends PlanOptions {
  json?: boolean;
  quiet?: boolean;
}

interface FileFlags {
  out?: string;
  force?: boolean;
}

interface InitFlags extends FileFlags {
  preset?: string;
}

/** `--out` is a plan field's flag too, so the file of a saved plan has a name of its own. */
interface SaveFlags extends ConfigFlags {
  to: string;
  force?: boolean;
}

interface HardwareFlags {
  disk?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerConfig(program: Command): void {
  const config = program.command('config').description('show, check, begin, import or save a plan; show the machine');
  const showing = config.command('show').description('print each setting with its value and where it came from');
  addOutputOptions(addPlanOptions(showing)).action(show);
  const checking = config.command('check').description('say everything that is wrong with a plan');
  addOutputOptions(addPlanOptions(checking)).action(check);
  const beginning = config.command('init').description('write a commented plan file, or plain JSON where the file ends in .json');
  addFileOptions(beginning.argument('[pipeline...]', 'which pipeline')).option('--preset <name>', 'fill in the settings of a preset').action(init);
  const importing = config.command('import').description('make a plan file of a scaling document (JSON or YAML)');
  addFileOptions(importing.argument('<pipeline>', 'which pipeline').argument('<source>', 'the document, or laptop, workstation or server')).action(
    importDocument,
  );
  const saving = config.command('save').description('write a plan with every setting, as it would be run here');
  addOutputOptions(addPlanOptions(saving))
    .requiredOption('--to <file>', 'file to write: .json, .yaml or .yml')
    .option('--force', 'write over an existing file')
    .action(save);
  const machine = config.command('hardware').description('print what this machine has, and what settings of its own accord follow from it');
  addOutputOptions(machine).option('--disk <folder>', 'also measure how fast this folder takes 10 MB').action(hardware);
}

function addFileOptions(command: Command): Command {
  return command.option('--out <file>', 'file to write (default: standard output)').option('--force', 'write over an existing file');
}

async function show(words: string[], flags: ConfigFlags): Promise<void> {
  const request = toPlanRequest(words, flags);
  const [{ loadPlan }, { renderOrigins }] = await Promise.all([import('../../plan/index.js'), import('../render/origins.js')]);
  const loaded = await loadPlan(request);
  new Output(flags).result(loaded, () => renderOrigins(loaded.origins));
}

async function check(words: string[], flags: ConfigFlags): Promise<void> {
  const request = toPlanRequest(words, flags);
  const { loadPlan } = await import('../../plan/index.js');
  const { plan } = await loadPlan(request);
  const { pipeline, windows } = plan;
  new Output(flags).result({ ok: true, pipeline, windows }, () => {
    const days = windows.map(({ start, end }) => `${start} to ${end}`).join(', ');
    return `the plan is good: ${pipeline}, ${days}`;
  });
}

async function init(words: string[], flags: InitFlags): Promise<void> {
  const pipeline = await described(words.length > 0 ? pipelineNamed(words) : (PIPELINES[0]?.name ?? ''));
  await writePlan(flags, pipeline, flags.preset === undefined ? {} : { settings: await presetSettings(pipeline, flags.preset) });
}

async function importDocument(word: string, source: string, flags: FileFlags): Promise<void> {
  const name = pipelineNamed([word]);
  const [{ readScalingConfig }, { toPlan }] = await Promise.all([
    import('../../plan/scaling-config-validate.js'),
    import('../../plan/scaling-config-plan.js'),
  ]);
  const { settings, notes } = toPlan(await readScalingConfig(source, { optimise: false }));
  if (settings.pipeline !== name) throw wrong(`a scaling document is a plan of ${settings.pipeline}, not of ${name}`, 'pipeline', name);
  await writePlan(flags, await described(name), { settings, notes: [`Made of ${source}.`, ...notes] });
  // Who writes JSON has no comments to read them in, and who writes a file does not see those.
  if (flags.out !== undefined) for (const note of notes) new Output({}).note(note);
}

async function save(words: string[], flags: SaveFlags): Promise<void> {
  const request = toPlanRequest(words, flags);
  const { loadPlan, savePlan } = await import('../../plan/index.js');
  const { plan } = await loadPlan(request);
  await savePlan(flags.to, plan, flags.force ?? false);
  new Output(flags).result({ ok: true, file: flags.to, pipeline: plan.pipeline }, () => `the plan is in ${flags.to}`);
}

async function hardware(flags: HardwareFlags): Promise<void> {
  const [{ readHardware }, { sizingOf }, { renderHardware }] = await Promise.all([
    import('../../plan/hardware.js'),
    import('../../plan/sizing.js'),
    import('../render/hardware.js'),
  ]);
  const facts = readHardware();
  const sizing = sizingOf(facts);
  const disk = flags.disk === undefined ? null : await (await import('../../plan/disk-speed.js')).diskSpeed(flags.disk);
  new Output(flags).result({ hardware: facts, sizing, disk }, () => renderHardware(facts, sizing, disk));
}

async function described(name: string): Promise<PipelineDescription> {
  const { describe } = await import('../../addon.js');
  const pipeline = describe().pipelines.find((each) => each.name === name);
  if (pipeline) return pipeline;
  throw wrong(`this build has no pipeline ${name}`, 'pipeline', name);
}

async function presetSettings(pipeline: PipelineDescription, name: string): Promise<Record<string, unknown>> {
  const { layer, problem } = (await import('../../plan/presets.js')).presetLayer(pipeline, name);
  if (layer) return layer.values;
  throw wrong(problem?.message ?? '', 'preset', name, problem?.allowed);
}

function wrong(message: string, column: string, value: string, help?: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { column, value } });
}

/** A plan to start from: commented YAML, or plain JSON where the file is one. */
async function writePlan({ out, force }: FileFlags, pipeline: PipelineDescription, options: TemplateOptions): Promise<void> {
  const [{ describe }, { planStart, planTemplate }, { writeText }] = await Promise.all([
    import('../../addon.js'),
    import('../../plan/plan-template.js'),
    import('../../plan/save-plan.js'),
  ]);
  const { commonFields } = describe();
  const isJson = out?.toLowerCase().endsWith('.json') ?? false;
  const text = isJson ? `${JSON.stringify(planStart(pipeline, commonFields, options), null, 2)}\n` : planTemplate(pipeline, commonFields, options);
  if (out === undefined) process.stdout.write(text);
  else await writeText(out, text, 0o666, force ? 'w' : 'wx');
}
