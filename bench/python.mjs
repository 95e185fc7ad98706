// Whether there is a Python with the packages that some peers need.

import { execFileSync } from 'node:child_process';

/** `{ program, version }` of a Python that can import the module; null where there is none. `BENCH_PYTHON` names another than `python3`. */
export function pythonWith(module) {
  const program = process.env.BENCH_PYTHON ?? 'python3';
  try {
    const code = `import ${module}; print(${module}.__version__)`;
    return { program, version: execFileSync(program, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() };
  } catch {
    return null;
  }
}
