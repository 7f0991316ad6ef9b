import { join } from 'node:path';
import { whyNot } from '../access/token.ts';
import { judgeFile } from '../catalog/judge-file.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { MetadataToKeep } from '../inspect/learned-files.ts';
import { chooseRepositories } from '../intake/choose-repositories.ts';
import type { WholeFile } from '../intake/inspect-incoming.ts';
import type { IncomingSide } from '../intake/scan-incoming.ts';
import { flushPath, writeNewFile } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { Target } from '../publish/target.ts';
import { AttestationFault, provenanceOf } from '../standards/attestations.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type SideFile, UPLOADED_SIDE_FILES } from '../standards/side-files.ts';
import { type OwnCopy, openContent } from './open-content.ts';
import type { UploadOrder, UploadRefusal } from './order.ts';
import { bad, badFormat, fitsNowhere, forbiddenText, noRepository, otherDigest, undecidedFor } from './refusals.ts';
import { type MayTell, toldTo } from './told-repositories.ts';
import { checkUploadName } from './upload-name.ts';

/** An upload that may be taken in, as far as the file itself and its token say. */
export interface LookedAt {
  is: 'for';
  order: UploadOrder;
  file: WholeFile;
  sides: IncomingSide[];
  repositories: RepositoryConfig[];
  notes: string[];
  /** Resolves when the file is on the disk. @throws {KhoError} WRITE */
  flushed: Promise<void>;
  /** What is left of it in its own folder goes. To be called last, whatever happened. */
  release(): void;
}

/** Of detached signatures in ASCII (RFC 9580, section 6.2). */
const ARMOR = '-----BEGIN PGP SIGNATURE-----';

/** Read the file that came, and decide where it belongs. Nothing outside of its own folder is changed. @throws {KhoError} WRITE */
export async function lookAtUpload(
  order: UploadOrder,
  config: SiteConfig,
  target: Target,
): Promise<LookedAt | UploadRefusal> {
  const { filename, sha256, said } = order;
  let own: OwnCopy | undefined;
  try {
    checkUploadName(filename);
    const wrong = said.sha256.find((each) => each !== sha256);
    if (wrong !== undefined) return otherDigest(filename, 'sha256', wrong, sha256);
    const content = openContent(order);
    const inspected = await content.inspect(said.md5.length > 0 ? ['md5'] : []);
    const { facts, isVerified, metadataBytes } = inspected;
    if (facts.sha256 !== sha256) return otherDigest(filename, 'sha256', sha256, facts.sha256);
    const [md5] = inspected.hashes;
    const other = said.md5.find((each) => each !== md5);
    if (other !== undefined && md5 !== undefined) return otherDigest(filename, 'md5', other, md5);
    const told = toldTo(order.token, config, order.repository);
    const choice = choose(facts, order, config, told);
    if (choice.is === 'refused') return { ...choice, project: facts.project };
    const seen = config.repositories.filter((each) => told.mayRead(each.name) || choice.repositories.includes(each));
    const isKnownProject = isKnown(facts.project, seen, target);
    const text = whyForbidden(order, facts.project, { ...choice, isKnownProject, told });
    if (text !== undefined) return { is: 'refused', why: 'forbidden', text, project: facts.project };
    own = content.bring(choice.repositories);
    const { folder, stamp, flushed, release } = own;
    const file: WholeFile = {
      ...{ file: filename, name: filename, folder, stamp, facts, isVerified },
      ...new MetadataToKeep().take(metadataBytes),
      isSettled: true, // nobody else can write to it
    };
    const notes: string[] = [];
    const sides = sidesOf(order, folder, notes);
    return { is: 'for', order, file, sides, repositories: choice.repositories, notes, flushed, release };
  } catch (error) {
    own?.release();
    if (error instanceof FormatError) return badFormat(filename, error);
    throw error;
  }
}

function choose(
  { binaries }: FileFacts,
  { filename, repository: wanted }: UploadOrder,
  config: SiteConfig,
  told: MayTell,
): UploadRefusal | { is: 'for'; repositories: RepositoryConfig[] } {
  const judged = { filename, ...(binaries && { binaries }) };
  if (wanted === undefined) {
    const choice = chooseRepositories(judged, config);
    if (choice.is === 'undecided') return whichOf(filename, choice.between, told);
    if (choice.is === 'for') return choice;
    const verdicts = [...choice.verdicts].flatMap(([name, verdict]) => (told.mayName(name) ? [verdict] : []));
    const verdict = verdicts.find(({ code }) => code === 'needs-newer-libc') ?? verdicts[0];
    return verdict ? bad(filename, verdict) : fitsNowhere(filename);
  }
  const repository = config.repositories.find(({ name }) => name === wanted);
  if (repository?.packages === undefined) {
    const others = config.repositories.filter(({ packages }) => packages !== undefined);
    return whichOf(filename, others, told);
  }
  const verdict = judgeFile(judged, repository, told.repositories);
  return verdict ? bad(filename, verdict) : { is: 'for', repositories: [repository] };
}

function whichOf(filename: string, between: readonly RepositoryConfig[], { mayName }: MayTell): UploadRefusal {
  const names = between.map(({ name }) => name);
  return names.length === 0 ? noRepository() : undecidedFor(filename, names.filter(mayName));
}

/** In sentences. */
function whyForbidden(
  { token }: UploadOrder,
  project: NormalizedName,
  {
    repositories,
    isKnownProject,
    told,
  }: { repositories: readonly RepositoryConfig[]; isKnownProject: boolean; told: MayTell },
): string | undefined {
  for (const { name } of repositories) {
    const why =
      whyNot(token, 'upload', name, project) ?? (isKnownProject ? undefined : whyNot(token, 'new', name, project));
    if (why !== undefined) return forbiddenText(token, told.mayName(name) ? why : undefined);
  }
  return undefined;
}

/** Whether any of these lists a project. Of others a token must not learn what they have. */
function isKnown(project: NormalizedName, repositories: readonly RepositoryConfig[], target: Target): boolean {
  return repositories.some(({ name }) => look(join(target.folderOf(name), 'simple', project)) !== undefined);
}

/** What came along, as files beside the file. */
function sidesOf(
  { filename, sha256, attestations, signature }: UploadOrder,
  folder: string,
  notes: string[],
): IncomingSide[] {
  const sides: IncomingSide[] = [];
  const add = (side: SideFile, content: Uint8Array | string) => {
    const name = `${filename}.${side}`;
    const path = join(folder, name);
    writeNewFile(path, content);
    flushPath(path);
    const stats = look(path);
    if (stats) sides.push({ file: name, name, folder, stamp: fileStamp(stats), side, of: filename });
  };
  if (attestations !== undefined) {
    try {
      add(UPLOADED_SIDE_FILES.attestations, provenanceOf(attestations, sha256));
    } catch (error) {
      if (!(error instanceof AttestationFault)) throw error;
      notes.push(`The attestations were not taken: ${error.message}`);
    }
  }
  if (signature !== undefined) {
    if (Buffer.from(signature).toString('latin1').trimStart().startsWith(ARMOR))
      add(UPLOADED_SIDE_FILES.signature, signature);
    else notes.push('The signature was not taken: it is no detached one in ASCII (gpg --detach-sign --armor)');
  }
  return sides;
}
