/**
 * A page that may have to be written. `inputs` holds all that its content depends on: as long as it is the same,
 * and the file on disk is the one kho wrote, the page is not rendered again.
 */
export interface Page {
  /** From the repository's folder, with `/`: `simple/foo/index.html`. */
  path: string;
  inputs: string;
  render(): string | Promise<string>;
}
