"""What a user of dumb-pypi must write: the list of the packages in a folder, as --package-list-json takes it.

Writes FILE.metadata beside each wheel, since a list that has core_metadata promises that file. Written with the
standard library, the way its documentation suggests; as quick as that allows (sdists are read up to PKG-INFO).

usage: list_packages.py FOLDER LIST
"""
import email.parser
import hashlib
import json
import os
import sys
import tarfile
import zipfile


def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def wheel_metadata(path):
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            folder, _, file = name.partition('/')
            if folder.endswith('.dist-info') and file == 'METADATA':
                return wheel.read(name)


def sdist_metadata(path):
    with tarfile.open(path) as sdist:
        for member in sdist:
            if member.name.count('/') == 1 and member.name.endswith('/PKG-INFO'):
                return sdist.extractfile(member).read()


def describe(folder, filename):
    path = os.path.join(folder, filename)
    package = {
        'filename': filename,
        'hash': 'sha256=' + sha256_of_file(path),
        'upload_timestamp': int(os.stat(path).st_mtime),
    }
    if filename.endswith('.whl'):
        metadata = wheel_metadata(path)
        with open(path + '.metadata', 'wb') as file:
            file.write(metadata)
        package['core_metadata'] = 'sha256=' + hashlib.sha256(metadata).hexdigest()
    else:
        metadata = sdist_metadata(path)
    fields = email.parser.BytesParser().parsebytes(metadata, headersonly=True)
    if 'Requires-Python' in fields:
        package['requires_python'] = fields['Requires-Python']
    package['requires_dist'] = fields.get_all('Requires-Dist', [])
    return package


def main():
    folder, packages_json = sys.argv[1:]
    with open(packages_json, 'w') as out:
        for filename in sorted(os.listdir(folder)):
            if filename.endswith(('.whl', '.tar.gz')):
                print(json.dumps(describe(folder, filename)), file=out)


main()
