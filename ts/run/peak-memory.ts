import { readFileSync } from 'node:fs';

/**
 * The most memory this process has had in RAM, in bytes.
 *
 * On Linux it is asked of `/proc`: the figure that `resourceUsage` gives starts from the size of the process that started this one.
 */
export function peakRssBytes(): number {
  const fallback = (): number => process.resourceUsage().maxRSS * 1024;
  if (process.platform !== 'linux') return fallback();
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kibibytes ? Number(kibibytes) * 1024 : fallback();
  } catch {
    return fallback();
  }
}
