# Installs aim on Windows: downloads the archive, checks it against SHA256SUMS, puts aim.exe into a folder.
#
#   AIM_REPOSITORY   owner/name on GitHub whose releases are used
#   AIM_MIRROR       folder on a server that holds the archives and SHA256SUMS instead (a mirror)
#   AIM_VERSION      a release such as 0.1.0; the latest when empty (with AIM_REPOSITORY)
#   AIM_SHA256       the archive's checksum, which then counts instead of SHA256SUMS
#   AIM_INSTALL_DIR  where aim.exe goes; %LOCALAPPDATA%\Programs\aim when empty
#
# -AddToPath puts that folder on the PATH of the user; nothing else is changed. To uninstall, delete aim.exe.
# Everything is inside functions, so a download that is cut short runs nothing.
param([switch]$AddToPath)

# What a release fills in.
function Get-AimRelease {
  @{
    Repository = ''
    Version = ''
    Checksums = ''
  }
}

function Install-Aim {
  param([switch]$AddToPath)
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  $release = Get-AimRelease
  $repository = if ($env:AIM_REPOSITORY) { $env:AIM_REPOSITORY } else { $release.Repository }
  $version = if ($env:AIM_VERSION) { $env:AIM_VERSION -replace '^v', '' } else { $release.Version }
  $folder = if ($env:AIM_INSTALL_DIR) { $env:AIM_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\aim' }
  # The program for x64 runs on arm64 as well.
  if (-not [Environment]::Is64BitOperatingSystem) { throw 'Cannot install: aim needs a 64-bit Windows' }
  $archive = 'aim-windows-x64.zip'
  if ($env:AIM_MIRROR) { $base = $env:AIM_MIRROR.TrimEnd('/') }
  elseif (-not $repository) { throw 'Cannot tell where aim is released: set AIM_REPOSITORY (owner/name on GitHub) or AIM_MIRROR' }
  elseif ($version) { $base = "https://github.com/$repository/releases/download/v$version" }
  else { $base = "https://github.com/$repository/releases/latest/download" }

  $work = Join-Path ([IO.Path]::GetTempPath()) ("aim-" + [Guid]::NewGuid().ToString('n'))
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    $file = Join-Path $work $archive
    Write-Host "Downloading $base/$archive"
    Invoke-WebRequest -UseBasicParsing -Uri "$base/$archive" -OutFile $file
    $expected = $env:AIM_SHA256
    if (-not $expected) {
      $isOwn = $release.Version -and $version -eq $release.Version -and $repository -eq $release.Repository
      if ($isOwn) { $sums = $release.Checksums }
      else {
        Invoke-WebRequest -UseBasicParsing -Uri "$base/SHA256SUMS" -OutFile (Join-Path $work 'SHA256SUMS')
        $sums = Get-Content -Raw (Join-Path $work 'SHA256SUMS')
      }
      foreach ($line in ($sums -split "`r?`n")) {
        if ($line -match '^([0-9a-f]{64}) [ *](.+)$' -and $Matches[2] -eq $archive) { $expected = $Matches[1]; break }
      }
    }
    if (-not $expected) { throw "Cannot install: SHA256SUMS does not name $archive" }
    $actual = (Get-FileHash -Algorithm SHA256 -Path $file).Hash
    if ($actual -ne $expected) { throw "Cannot install: the checksum of $archive is $actual, but it must be $expected" }

    Expand-Archive -Path $file -DestinationPath (Join-Path $work 'files')
    $program = Join-Path $work 'files\aim.exe'
    if (-not (Test-Path -PathType Leaf $program)) { throw "Cannot install: $archive holds no file aim.exe" }
    New-Item -ItemType Directory -Force -Path $folder | Out-Null
    $target = Join-Path $folder 'aim.exe'
    # A program that runs cannot be overwritten, but it can be renamed.
    if (Test-Path $target) {
      Remove-Item -Force -ErrorAction SilentlyContinue "$target.old"
      Move-Item -Force $target "$target.old"
    }
    Move-Item -Force $program $target
    Remove-Item -Force -ErrorAction SilentlyContinue "$target.old"
    Write-Host "Installed $(& $target --version) as $target"
  }
  finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $work
  }

  if (($env:Path -split ';') -contains $folder) { return }
  if (-not $AddToPath) {
    Write-Host "Add it to your PATH, or run this script with -AddToPath: $folder"
    return
  }
  $path = [Environment]::GetEnvironmentVariable('Path', 'User')
  if (($path -split ';') -notcontains $folder) {
    [Environment]::SetEnvironmentVariable('Path', ((@($path, $folder) | Where-Object { $_ }) -join ';'), 'User')
  }
  Write-Host "$folder is on your PATH in new terminals"
}

Install-Aim -AddToPath:$AddToPath
