/** When the number of workers changes. */
export interface ControlLimits {
  /** Above this share of memory there are too many. */
  highFraction: number;
  /** Below it there may be more. */
  lowFraction: number;
  /** What is kept of them, rounded down. */
  factor: number;
  /** Seconds between two changes: it takes a while until memory is given back. */
  coolDownSec: number;
  /** Seconds that memory has to be low before one step up. */
  quietSec: number;
}

/** Between the two fractions nothing changes, or the number would swing with every batch. */
export const CONTROL: ControlLimits = { highFraction: 0.85, lowFraction: 0.7, factor: 0.8, coolDownSec: 5, quietSec: 10 };

/** How many workers may run, by the memory that is used: quickly fewer, slowly more, never more than planned. */
export class WorkerControl {
  readonly #planned: number;
  readonly #limits: ControlLimits;
  #workers: number;
  #changedAtSec = Number.NEGATIVE_INFINITY;
  #lowSinceSec: number | null = null;

  constructor(planned: number, limits: ControlLimits = CONTROL) {
    this.#planned = planned;
    this.#limits = limits;
    this.#workers = planned;
  }

  /** The number at present. */
  get workers(): number {
    return this.#workers;
  }

  /** The number after this reading. */
  next(memoryFraction: number, nowSec: number): number {
    const { highFraction, lowFraction, factor, coolDownSec, quietSec } = this.#limits;
    if (memoryFraction >= lowFraction) this.#lowSinceSec = null;
    else this.#lowSinceSec ??= nowSec;
    if (nowSec - this.#changedAtSec < coolDownSec) return this.#workers;
    const isQuiet = this.#lowSinceSec !== null && nowSec - this.#lowSinceSec >= quietSec;
    if (memoryFraction > highFraction) this.#change(Math.max(1, Math.floor(this.#workers * factor)), nowSec);
    else if (isQuiet) this.#change(Math.min(this.#planned, this.#workers + this.#step()), nowSec);
    return this.#workers;
  }

  /** As many as the first step down took. */
  #step(): number {
    return Math.max(1, this.#planned - Math.floor(this.#planned * this.#limits.factor));
  }

  #change(workers: number, nowSec: number): void {
    if (workers === this.#workers) return;
    this.#workers = workers;
    this.#changedAtSec = nowSec;
    // The next step up takes a quiet period of its own.
    if (this.#lowSinceSec !== null) this.#lowSinceSec = nowSec;
  }
}
