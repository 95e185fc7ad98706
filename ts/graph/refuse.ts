import { RowmillError } from '../errors.js';

/** The failure of a question that cannot be asked like that. */
export function refuse(message: string, help: string, column: string, value: string): RowmillError {
  return new RowmillError({ code: 'PLAN_INVALID', message, help, retryable: false, place: { column, value } });
}
