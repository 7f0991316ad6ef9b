/**
 * How much text from outside may be: all of it in one place, each at least ten times what the biggest real package has, so
 * that only what was made to keep kho busy meets it. docs/limits.md shows the same table; a test compares the two.
 *
 * They bound memory and the size of pages. Time they need not bound: what reads these texts takes time in proportion to
 * their length (test/beside/growth.test.ts).
 */

/** Sizes in bytes; lengths in UTF-16 units; counts as they are. */
export const TEXT_LIMITS = {
  /** METADATA, PKG-INFO and WHEEL. The longest on PyPI have some hundred kilobytes. */
  metadataBytes: 4 * 1024 * 1024,
  /** One field of one line, such as Summary or Keywords. */
  fieldLength: 256 * 1024,
  /** One line of a field that may occur many times, such as Requires-Dist. Licences and descriptions have `metadataBytes`. */
  listedFieldLength: 64 * 1024,
  /** Lines of Requires-Dist. Some packages have thousands: all extras times all that each needs. */
  requirements: 100_000,
  /** Lines of Provides-Extra, of Classifier and of each other field that may occur many times. Extras go up to some hundreds. */
  listedFields: 10_000,
  /** Lines of License-File, Import-Name and Import-Namespace, which grow with the package. */
  listedPaths: 100_000,
  /** RECORD, WHEEL and entry_points.txt, where a page shows them. RECORD of the largest wheels has a megabyte. */
  shownTextBytes: 4 * 1024 * 1024,
  /** FILE.yanked: a reason for people to read, shown whole on each install. */
  yankReasonBytes: 4 * 1024,
  /** FILE.provenance. */
  sideFileBytes: 1024 * 1024,
  /** A version; longer ones are legacy versions. File names end at 255 bytes. */
  versionLength: 4096,
  /** All that one package says of the versions of another that it needs. */
  specifiersLength: 16 * 1024,
  /** A marker. Lock files of uv have some thousand. */
  markerLength: 64 * 1024,
  /** Parentheses in each other in a marker. */
  markerDepth: 200,
  /** kho.toml. Some thousands of projects with a status each fit. */
  settingsBytes: 128 * 1024,
  /** A requirements or lock file; one of a thousand packages has some megabytes. */
  needsFileBytes: 64 * 1024 * 1024,
  /** Requirements files that name each other in a chain. */
  needsFileDepth: 50,
  /** Requirements files that one of them names, with those that these name, each as often as it is named. */
  needsFiles: 10_000,
  /** Packages of one name in a lock file: a universal one has some, for different machines. */
  lockedForks: 100,
  /** A project's page of another index; that of the biggest project of the biggest index needs a tenth of it. */
  indexPageBytes: 64 * 1024 * 1024,
  /** What a site that is followed says of itself: kho writes some 300 bytes. */
  syncHeadBytes: 4 * 1024,
  /** The list of all files of a repository that is followed: 100,000 files have some 60 MB. */
  catalogueBytes: 256 * 1024 * 1024,
  /** One file in it: with all that METADATA says of what it needs. */
  catalogueLineLength: 8 * 1024 * 1024,
  /** What a site that follows another says it has of it: of 100,000 files. */
  edgeReportBytes: 8 * 1024 * 1024,
  /** One advisory. The longest of PyPI's have some hundred kilobytes: they name each version. */
  advisoryBytes: 4 * 1024 * 1024,
  /** All advisories together, unpacked: PyPI's have some hundred megabytes. */
  advisoriesBytes: 2048 * 1024 * 1024,
  /** A file of advisories that is brought from an address: PyPI's has some tens of megabytes. */
  advisoryFileBytes: 512 * 1024 * 1024,
  /** What is kept of all advisories, in UTF-16 units: of PyPI's it is some megabytes. */
  keptAdvisoriesLength: 128 * 1024 * 1024,
} as const;
