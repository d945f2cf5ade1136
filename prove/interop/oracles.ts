/** A JOSE library that is asked to open our seals, and to make some. */
export interface Oracle {
  /** Runs where it lies, with what the repository has installed. */
  readonly isHere?: boolean
  /** Commands that install it, in its folder. */
  readonly setup: readonly (readonly string[])[]
  readonly open: readonly string[]
  readonly make: readonly string[]
  /** Forms of seals that it makes: `alg` and `kid` unprotected, or protected with the rest. */
  readonly makes: readonly ('unprotected' | 'protected')[]
  /**
   * Opens by its primitive, with the protected header as AAD, and so also a seal whose protected header
   * still says the `alg` of the wrapping, by the content key.
   */
  readonly isExplicit?: boolean
}

const python: Omit<Oracle, 'makes'> = {
  setup: [
    ['python3', '-m', 'venv', 'venv'],
    ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
  ],
  open: ['venv/bin/python', 'open.py'],
  make: ['venv/bin/python', 'make.py'],
}

/** The libraries, by the name of the folder that holds their programs. */
export const oracles: Readonly<Record<string, Oracle>> = {
  jose: {
    isHere: true,
    setup: [],
    open: [process.execPath, 'open.mjs'],
    make: [process.execPath, 'make.mjs'],
    makes: ['unprotected', 'protected'],
  },
  jwcrypto: { ...python, makes: ['unprotected', 'protected'] },
  joserfc: { ...python, makes: ['unprotected', 'protected'] },
  'go-jose': {
    setup: [['go', 'build', '-o', 'bin/', './open', './make']],
    open: ['bin/open'],
    make: ['bin/make'],
    makes: ['protected'],
  },
  josekit: {
    setup: [['cargo', 'build', '--quiet']],
    open: ['target/debug/open'],
    make: ['target/debug/make'],
    makes: ['unprotected', 'protected'],
  },
  nimbus: {
    setup: [
      ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
      ['javac', '-cp', 'lib/*', '-d', 'classes', 'Open.java', 'Make.java'],
    ],
    open: ['java', '-cp', 'lib/*:classes', 'Open'],
    make: ['java', '-cp', 'lib/*:classes', 'Make'],
    makes: ['protected'],
    isExplicit: true,
  },
}
